// Foundry's reset of all second factors of a user (contracts: foundry.md). See api.cpp for the
// order of checks.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "auth/jwt.hpp"
#include "mfa_reset/api.hpp"

namespace mfa_reset::foundry {

/// When callers must give the current code of an OATH device of their own.
enum class CallerCode : std::uint8_t {
    required,
    enrolled,  ///< only those who have such a device
    off,
};

/// What the operator configures for one location.
struct Settings {
    std::string realm = "/foundry";  ///< mfa_reset_realm: base of organisations and users
    std::vector<std::string> roles;  ///< mfa_reset_foundry_role: may reset, beside `Admin`
    std::string global_role;         ///< mfa_reset_foundry_global; empty: none
    std::string organisation = "organisationId";  ///< mfa_reset_foundry_organisation
    /// mfa_reset_foundry_jwt_key; it outlives the API. nullptr: no tokens are taken.
    const auth::JwtKey* jwt_key = nullptr;
    auth::JwtRules jwt_rules;                       ///< mfa_reset_foundry_jwt_audience, _jwt_issuer
    CallerCode caller_code = CallerCode::required;  ///< mfa_reset_foundry_caller_code
    unsigned attempts = 5;                          ///< wrong codes in a row that lock a caller out
    std::chrono::milliseconds lock = std::chrono::minutes{15};  ///< for so long
    std::string xml_namespace =                                 ///< mfa_reset_foundry_xml_namespace
        "http://schemas.datacontract.org/2004/07/"
        "Infrastructure.Api.Interfaces.ServiceOperations.UserAccounts";
    SubjectCase subject_case = SubjectCase::exact;  ///< mfa_reset_subject_case
};

class FoundryApi final : public Api {
public:
    explicit FoundryApi(Settings settings) : settings_(std::move(settings)) {}

    std::string_view name() const noexcept override { return "foundry"; }
    Task<Response> serve(const Request& request, Services& services) const override;

private:
    Settings settings_;
};

}  // namespace mfa_reset::foundry
