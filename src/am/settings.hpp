// What the operator configures for one location. The defaults are those of the directives
// (module.cpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "am/realms.hpp"
#include "mfa_reset/subject.hpp"

namespace mfa_reset::am {

enum class DefaultVersion : std::uint8_t { latest, oldest, none };

/// Where the truth about devices is: mfa_reset_am_profiles.
enum class Profiles : std::uint8_t { redis, am };

/// Whom to ask for a session: mfa_reset_am_session.
struct SessionQuestion {
    std::string uri;      ///< leads to AM; empty: sessions are the store's own
    std::string version;  ///< of AM's resource, `2.0`
};

/// Who knows sessions.
struct SessionSource {
    SessionQuestion question;
    std::chrono::milliseconds cache{0};  ///< mfa_reset_am_session_cache; 0: AM is always asked
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
    bool self_allowed = false;                              ///< mfa_reset_am_self
    SubjectCase subject_case = SubjectCase::exact;          ///< mfa_reset_subject_case
    Profiles profiles = Profiles::redis;
    SessionSource session;
    std::vector<AdministratorSetting> administrators;
};

}  // namespace mfa_reset::am
