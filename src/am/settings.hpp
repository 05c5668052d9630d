// What the operator configures for one location. The defaults are those of the directives
// (module.cpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "am/realms.hpp"
#include "mfa_reset/subject.hpp"

namespace mfa_reset::am {

/// Whether users may act on their own devices: mfa_reset_am_self.
struct SelfService {
    bool allowed = false;
    std::string level;  ///< the authentication level that they need, in digits; empty: any
};

/// Which calls of devices are served here: mfa_reset_am_devices.
enum class DeviceCalls : std::uint8_t {
    on,
    off,    ///< none but the reset
    guard,  ///< those that act are checked here, and done by the system behind
};

enum class DefaultVersion : std::uint8_t { latest, oldest, none };

/// Where the truth about devices is: mfa_reset_am_profiles.
enum class Profiles : std::uint8_t { redis, am };

/// Where to ask about a session: mfa_reset_am_session.
struct SessionQuestion {
    std::string uri;      ///< leads to AM; empty: sessions are the store's own
    std::string version;  ///< of AM's resource, `2.0`
};

/// Who knows sessions.
struct SessionSource {
    SessionQuestion question;
    std::chrono::milliseconds cache{0};  ///< mfa_reset_am_session_cache; 0: AM is always asked
};

/// mfa_reset_am_bearer: who says whose an access token is, and what its caller may administer.
struct BearerSource {
    std::string uri;  ///< leads to the authorization server; empty: bearer tokens do not count
    std::string realm;
    std::string scope;
    /// The server block of `uri`: servers may each have a location of that name. See bearer.cpp.
    std::string server;
};

/// mfa_reset_am_admin, folded as the subject case says.
struct AdministratorSetting {
    std::string name;
    std::string in;  ///< empty: `name` is a whole universal id
    std::string realm;
};

struct Settings {
    std::string cookie;  ///< mfa_reset_am_cookie: cookie and header of the token
    DefaultVersion default_version = DefaultVersion::none;  ///< mfa_reset_am_default_version
    Realms realms;                                          ///< mfa_reset_am_realm
    std::string base_realm = "/";                           ///< mfa_reset_am_base_realm
    SelfService self;                                       ///< mfa_reset_am_self
    SubjectCase subject_case = SubjectCase::exact;          ///< mfa_reset_subject_case
    Profiles profiles = Profiles::redis;
    std::optional<DeviceCalls> devices;  ///< mfa_reset_am_devices; see device_calls()
    SessionSource session;
    BearerSource bearer;
    std::vector<AdministratorSetting> administrators;
};

/// By mfa_reset_am_devices or, if it is not given, by where the devices are.
inline DeviceCalls device_calls(const Settings& settings) noexcept {
    return settings.devices.value_or(settings.profiles == Profiles::redis ? DeviceCalls::on
                                                                          : DeviceCalls::guard);
}

/// Whether `text` is a version of a resource as Accept-API-Version has it: `N` or `N.N`.
bool is_resource_version(std::string_view text);

/// Whether `text` is one scope (RFC 6749, section 3.3): printable ASCII without quotes and
/// backslashes.
bool is_scope(std::string_view text) noexcept;

/// Whether an administrator of that name is compared with a session's whole universal id.
bool is_whole_id(std::string_view name) noexcept;

}  // namespace mfa_reset::am
