// Chooses a media type by the request's `Accept` (RFC 9110, 12.5.1).
//
// What the RFC leaves open: of types with the same weight, the one with the most precise range is
// chosen, then the one whose range comes first, then the one that is offered first. `*` and `q=.5`,
// as Java's HttpURLConnection sends them, are read as `*/*` and `q=0.5`. An invalid member is
// ignored. The only parameter that matches an offered type is `charset=utf-8`: all of them are
// UTF-8.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "format/ascii.hpp"

namespace mfa_reset::http {

/// The parameters of a member.
struct AcceptWeight {
    static constexpr unsigned kFull = 1000;

    unsigned weight = kFull;  ///< q in thousandths
    bool weighed = false;     ///< it has a q
    bool well_formed = true;  ///< false: the other fields are not valid
    bool utf8 = false;        ///< it has `charset=utf-8`
    bool other = false;       ///< it has a parameter that no offered type has
};

/// Returns the place behind the quoted text that begins at `at`; `end` if it is not closed.
const char* skip_accept_quotes(const char* at, const char* end) noexcept;

/// One member of an `Accept` line, while the line is read.
class AcceptMember {
public:
    /// `range`: as written. `at`: the start of its parameters. `end`: of the line.
    AcceptMember(std::string_view range, const char* at, const char* end) noexcept
        : range_(range == "*" ? "*/*" : range), at_(at), end_(end) {}

    /// `text/*`, as written; `*` is read as `*/*`.
    std::string_view range() const noexcept { return range_; }

    /// Reads the parameters. Call it once at most.
    AcceptWeight read_parameters() noexcept {
        return at_ == end_ || *at_ == ',' ? AcceptWeight{} : read_some_parameters();
    }

    /// Returns the place of the `,` after the member, or the end of the line.
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

/// Chooses one of the offered types. All `Accept` lines of a request are one list.
class Negotiation {
public:
    static constexpr std::size_t kMostOffered = 16;

    /// `offered`: `type/subtype` in lower case, without parameters, the preferred one first; 1 to
    /// kMostOffered of them.
    explicit Negotiation(std::span<const std::string_view> offered) noexcept;

    /// Reads the value of the next `Accept` line.
    void read(std::string_view line) noexcept;

    /// Returns the index of the offered type; 0 if there was no line, or none with a member. If no
    /// type is acceptable, returns nullopt.
    std::optional<std::size_t> choose() const noexcept;

private:
    /// The most precise range so far that a type matches.
    struct Match {
        unsigned precision = 0;  ///< 0: no range matches
        unsigned weight = 0;     ///< q in thousandths
        std::size_t place = 0;   ///< in the list
    };
    void match(AcceptMember& member) noexcept;
    void improve(Match& match, unsigned precision, const AcceptWeight& read) noexcept;
    Match match_of(std::size_t offered) const noexcept;

    std::span<const std::string_view> offered_;
    Match any_{};                                      ///< of `*/*`
    std::array<Match, kMostOffered> matches_{};        ///< of each type, by other ranges
    std::array<std::size_t, kMostOffered> slashes_{};  ///< place of the slash in each offered type
    std::size_t members_ = 0;
};

}  // namespace mfa_reset::http
