// AM's reset of a registered device (contracts: am.md). See api.cpp for the order of checks.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "am/realms.hpp"
#include "am/store.hpp"
#include "mfa_reset/api.hpp"

namespace mfa_reset::am {

enum class DefaultVersion : std::uint8_t { latest, oldest, none };

/// Where the truth about devices is: mfa_reset_am_profiles.
enum class Profiles : std::uint8_t { redis, am };

/// Who knows sessions: mfa_reset_am_session.
struct SessionSource {
    std::string uri;                     ///< of AM's answer; empty: sessions are the store's own
    std::chrono::milliseconds cache{0};  ///< mfa_reset_am_session_cache; 0: AM is always asked
};

/// mfa_reset_am_admin, folded as the subject case says.
struct AdministratorSetting {
    std::string name;
    std::string in;  ///< empty: `name` is a whole universal id
    std::string realm;
};

/// What the operator configures for one location. The defaults are those of the directives
/// (module.cpp).
struct Settings {
    std::string cookie;  ///< mfa_reset_am_cookie: cookie and header of the token
    DefaultVersion default_version = DefaultVersion::none;  ///< mfa_reset_am_default_version
    Realms realms;                                          ///< mfa_reset_am_realm
    bool self_allowed = false;                              ///< mfa_reset_am_self
    SubjectCase subject_case = SubjectCase::exact;          ///< mfa_reset_subject_case
    Profiles profiles = Profiles::redis;
    SessionSource session;
    std::vector<AdministratorSetting> administrators;
};

class AmApi final : public Api {
public:
    /// `store` outlives the API. Throws std::bad_alloc.
    AmApi(Settings settings, Store& store);

    std::string_view name() const noexcept override { return "am"; }
    /// Whether `request` is a reset: a POST, overridden or not, to a user's devices with
    /// `_action=reset`.
    bool claims(const Request& request, Memory& memory) const override;
    Task<Response> serve(const Request& request, Services& services) const override;

private:
    Settings settings_;
    std::vector<Administrator> administrators_;  // views into settings_
    Store& store_;
};

}  // namespace mfa_reset::am
