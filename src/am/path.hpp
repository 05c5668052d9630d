// The path of a request, read from the raw request target.
#pragma once

#include <cstdint>
#include <string_view>

#include "am/realms.hpp"
#include "am/store.hpp"
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
        devices,    ///< …/users/{user}/devices/2fa/{oath|push}
        device,     ///< one device of these
        deeper,     ///< below a device
    };
    /// After a fault nothing else of the path is known.
    Fault fault = Fault::none;
    Place place = Place::elsewhere;
    /// Whether the realm is in the `realms/` form; the old form lets a parameter name it.
    bool realms_form = false;
    /// `realms/{r}` without `realms/root` before it: the first name of `realm` may be short for
    /// one.
    bool without_root = false;
    Realm realm;                   ///< as it was asked for, whether it exists or not
    std::string_view user;         ///< decoded; where there are devices
    Factor factor = Factor::oath;  ///< where there are devices
    std::string_view resource;     ///< raw: what no route is for, below the last one that fits
};

/// `realms` decides, where it lists any, which `users` ends the realm of the old form.
Path parse_path(std::string_view raw, Memory& memory, const Realms& realms = {});

/// The realm that the parameter `realm` of the old form names, `/alpha/eu` or `alpha/eu`.
Realm parse_realm(std::string_view value, Memory& memory);

}  // namespace mfa_reset::am
