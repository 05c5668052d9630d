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

namespace mfa_reset::format {

/// One member of an `Accept` line.
struct AcceptMember {
    static constexpr unsigned kFullWeight = 1000;

    std::string_view range;         ///< `text/*`, as it was written; `*` is `*/*`
    unsigned weight = kFullWeight;  ///< q in thousandths
    bool weighed = false;           ///< it has a q
    bool well_formed = true;        ///< false: `weight` and what follows say nothing
    bool utf8 = false;              ///< it has `charset=utf-8`
    bool other = false;             ///< it has a parameter that nothing offered here has
};

/// Takes the first member off `line`, the value of an `Accept` header or what is left of it.
/// Nothing where there is none.
std::optional<AcceptMember> take_member(std::string_view& line) noexcept;

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
    void match(const AcceptMember& member) noexcept;

    std::span<const std::string_view> offered_;
    std::array<Match, kMostOffered> matches_{};
    std::size_t members_ = 0;
};

}  // namespace mfa_reset::format
