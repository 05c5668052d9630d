// All that one request says, read before any check: what it is to do, and in which manner its
// answer is written, is known even where it is refused at the first step.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "am/devices/query.hpp"
#include "am/headers.hpp"
#include "am/parameters.hpp"
#include "am/path.hpp"
#include "am/response.hpp"
#include "am/settings.hpp"
#include "am/version.hpp"
#include "mfa_reset/message.hpp"

namespace mfa_reset::am {

/// What a request asks for, by its method, path and parameters.
enum class Action : std::uint8_t {
    none,  ///< nothing that is done here
    reset,
    skip,
    check,
    query,  ///< the devices of one factor
    read,   ///< one device
    remove,
    rename,
    overview,  ///< of factors, challenges and locks
    events,
    session_info,
};

/// Whether the action changes the user's record: a user may have to show an authentication level
/// for it, and may be kept from it (mfa_reset_am_self).
constexpr bool is_change(Action action) noexcept {
    return action == Action::reset || action == Action::skip || action == Action::remove ||
           action == Action::rename;
}

/// Who is acted on.
struct Target {
    Subject subject;
    /// False for the universal id of another realm's user: this path does not reach that user.
    bool in_realm = true;
};

struct ParsedRequest {
    const Request& raw;  ///< as it was sent
    const Settings& settings;
    Memory& memory;

    Headers headers;
    Path path;
    Parameters parameters;
    std::optional<AcceptedVersions> versions{};  ///< nothing: malformed
    std::string_view method{};                   ///< after X-HTTP-Method-Override
    std::string_view realm{};  ///< as it is listed; as it was asked for, where it does not exist
    bool realm_exists = false;
    Target target{};
    Manner manner{};
    Action action = Action::none;
    /// Of GET, PUT and DELETE, if the path is one of devices.
    std::optional<Query> query{};

    bool is_post() const noexcept { return method == "POST"; }
    /// Whether the request is for this API, and not for the system behind.
    bool is_ours() const noexcept;
    DeviceCalls device_calls() const noexcept { return am::device_calls(settings); }
    Version protocol() const noexcept {
        return versions ? versions->protocol.value_or(kDefaultProtocolVersion)
                        : kDefaultProtocolVersion;
    }
    /// Whether the resource version that was asked for, or the default one, is served.
    bool version_served() const noexcept;
    /// The resource version of session_info that the answer names.
    Version session_version() const noexcept;
};

ParsedRequest parse_request(const Request& raw, const Settings& settings, Memory& memory);

}  // namespace mfa_reset::am
