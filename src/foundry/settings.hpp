// What the operator configures for one location. The defaults are those of the directives
// (module.cpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "auth/jwt.hpp"
#include "mfa_reset/subject.hpp"

namespace mfa_reset::foundry {

/// When callers must give the current code of an OATH device of their own.
enum class CallerCode : std::uint8_t {
    required,
    enrolled,  ///< only those who have a device, usable or not
    off,
};

/// mfa_reset_foundry_caller_code.
struct CodeRule {
    CallerCode required = CallerCode::required;
    unsigned attempts = 5;  ///< wrong codes in a row until the lock
    std::chrono::milliseconds lock = std::chrono::minutes{15};  ///< how long the lock holds
};

/// mfa_reset_foundry_roles: whose roles count.
enum class RoleSource : std::uint8_t {
    session,     ///< those that session or token have
    repository,  ///< those of the user's own record, where the host keeps its users in Redis
};

struct Settings {
    std::string realm;               ///< mfa_reset_realm: base of organisations and users
    std::vector<std::string> roles;  ///< mfa_reset_foundry_role: may reset, beside `Admin`
    std::string global_role;         ///< mfa_reset_foundry_global; empty: none
    std::string organisation;        ///< mfa_reset_foundry_organisation
    RoleSource role_source = RoleSource::session;  ///< mfa_reset_foundry_roles
    /// mfa_reset_foundry_jwt_key; it outlives the API. nullptr: no tokens are taken.
    const auth::JwtKey* jwt_key = nullptr;
    auth::JwtRules jwt_rules;                       ///< mfa_reset_foundry_jwt_audience, _jwt_issuer
    CodeRule caller_code;                           ///< mfa_reset_foundry_caller_code
    std::string xml_namespace;                      ///< mfa_reset_foundry_xml_namespace
    SubjectCase subject_case = SubjectCase::exact;  ///< mfa_reset_subject_case
};

}  // namespace mfa_reset::foundry
