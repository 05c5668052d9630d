// Chooses a media type by the request's `Accept` (RFC 9110, 12.5.1).
//
// What the RFC leaves open: of types that the client likes equally the one that it names more
// precisely is taken, then the one that it names first, then the one that is offered first. `*` and
// `q=.5`, as Java's HttpURLConnection sends them, are read as `*/*` and `q=0.5`. A member that
// cannot be read asks for nothing. Of parameters only `charset=utf-8` fits what is offered: all of
// it is UTF-8.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "format/ascii.hpp"

namespace mfa_reset::http {

/// What the parameters of a member say.
struct AcceptWeight {
    static constexpr unsigned kFull = 1000;

    unsigned weight = kFull;  ///< q in thousandths
    bool weighed = false;     ///< it has a q
    bool well_formed = true;  ///< false: `weight` and what follows say nothing
    bool utf8 = false;        ///< it has `charset=utf-8`
    bool other = false;       ///< it has a parameter that nothing offered here has
};

/// Behind the quotes that begin at `at`, or the end if they do not end.
const char* skip_accept_quotes(const char* at, const char* end) noexcept;

/// One member of an `Accept` line, while the line is read.
class AcceptMember {
public:
    /// `range`: as it was written. `at`: where its parameters begin, of a line that ends at `end`.
    AcceptMember(std::string_view range, const char* at, const char* end) noexcept
        : range_(range == "*" ? "*/*" : range), at_(at), end_(end) {}

    /// `text/*`, as it was written; `*` is `*/*`.
    std::string_view range() const noexcept { return range_; }

    /// Reads the parameters. To be called once at most.
    AcceptWeight read_parameters() noexcept {
        return at_ == end_ || *at_ == ',' ? AcceptWeight{} : read_some_parameters();
    }

    /// To the `,` that ends the member, or the end.
    const char* skip() noexcept {
        while (at_ != end_ && *at_ != ',') {
            at_ = *at_ == '"' ? skip_accept_quotes(at_, end_) : at_ + 1;
        }
        return at_;
    }

private:
    AcceptWeight read_some_parameters() noexcept;

    std::string_view range_;
    const char* at_;
    const char* end_;
};

/// Calls `use` with each member of `line`, the value of an `Accept` header.
template <class Use>
void each_accept_member(std::string_view line, Use use) noexcept {
    const char* at = line.data();
    const char* const end = at + line.size();
    for (;;) {
        while (at != end && (*at == ',' || *at == ' ' || *at == '\t')) {
            ++at;
        }
        if (at == end) {
            return;
        }
        const char* const first = at;
        while (at != end && *at != ',' && *at != ';') {
            at = *at == '"' ? skip_accept_quotes(at, end) : at + 1;
        }
        const char* last = at;
        while (last != first && (last[-1] == ' ' || last[-1] == '\t')) {
            --last;
        }
        AcceptMember member({first, last}, at, end);
        use(member);
        at = member.skip();
    }
}

/// One choice among types, from all `Accept` lines of a request, which are one list.
class Negotiation {
public:
    static constexpr std::size_t kMostOffered = 16;

    /// `offered`: `type/subtype` in lower case, without parameters, the preferred one first; 1 to
    /// kMostOffered of them. It outlives this.
    explicit Negotiation(std::span<const std::string_view> offered) noexcept;

    /// The value of the next `Accept` line.
    void read(std::string_view line) noexcept;

    /// Which of the offered types it is: the first one where no line had a member, as without any
    /// line. Nothing where none is acceptable.
    std::optional<std::size_t> choose() const noexcept;

private:
    /// The most precise range so far that a type is in.
    struct Match {
        unsigned precision = 0;  ///< 0: no range
        unsigned weight = 0;     ///< q in thousandths
        std::size_t place = 0;   ///< in the list
    };
    void match(AcceptMember& member) noexcept;
    void improve(Match& match, unsigned precision, const AcceptWeight& read) noexcept;
    Match match_of(std::size_t offered) const noexcept;

    std::span<const std::string_view> offered_;
    Match any_{};                                      ///< of the range that all types are in
    std::array<Match, kMostOffered> matches_{};        ///< of each type's own ranges
    std::array<std::size_t, kMostOffered> slashes_{};  ///< where each of the offered has its slash
    std::size_t members_ = 0;
};

}  // namespace mfa_reset::http
