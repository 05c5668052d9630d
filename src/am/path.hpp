// The path of a request, read from the raw request target.
#pragma once

#include <cstdint>
#include <string_view>

#include "am/factor.hpp"
#include "am/realms.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::am {

/// A realm as it was asked for.
struct Realm {
    std::string_view path = "/";  ///< `/`, `/alpha/eu`
    bool well_formed = true;      ///< false: no realm can have this name
};

struct Path {
    enum class Fault : std::uint8_t {
        none,
        encoding,       ///< a `%` without two hex digits
        empty_element,  ///< `//`
        dot_element,    ///< `.` or `..`, encoded or not
        nul,
        not_utf8,
    };
    enum class Place : std::uint8_t {
        elsewhere,  ///< no devices here
        devices,    ///< …/users/{user}/devices/2fa/{oath|push|webauthn}, or devices/push
        device,     ///< one device of these
        deeper,     ///< below a device
        overview,   ///< …/users/{user}/devices/2fa
        events,     ///< …/users/{user}/devices/2fa/events
        sessions,   ///< …/sessions
    };
    /// After a fault nothing else of the path is known.
    Fault fault = Fault::none;
    Place place = Place::elsewhere;
    /// Whether the realm is in the `realms/` form; the old form lets a parameter name it.
    bool realms_form = false;
    /// `realms/{r}` without a `realms/root`: the first name of `realm` may be short for
    /// one.
    bool without_root = false;
    Realm realm;                   ///< as it was asked for, whether it exists or not
    std::string_view user;         ///< decoded; below a user's devices
    Factor factor = Factor::oath;  ///< where there are devices
    std::string_view device;       ///< decoded; where there is one
    std::string_view route;        ///< raw: what is below the realm
    std::string_view resource;     ///< raw: what is below the devices, or, elsewhere, the route
};

/// What of the configuration decides how a path is read. The views outlive the Path.
struct PathRules {
    /// If it lists any, these decide which `users` ends the realm of the old form.
    const Realms& realms;
    /// Where the realm of the old form starts (mfa_reset_am_base_realm).
    std::string_view base_realm = "/";
};

Path parse_path(std::string_view raw, Memory& memory, const PathRules& rules);

/// The realm that the parameter `realm` of the old form names, `/alpha/eu` or `alpha/eu`. It starts
/// at the top level, whatever the base realm is.
Realm parse_realm(std::string_view value, Memory& memory);

}  // namespace mfa_reset::am
