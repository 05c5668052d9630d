// OAA's reset of a challenge counter (contracts: oaa.md). See api.cpp for the order of checks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/basic_users.hpp"
#include "mfa_reset/api.hpp"
#include "oaa/store.hpp"

namespace mfa_reset::oaa {

/// What the operator configures for one location.
struct Settings {
    auth::BasicUsers users;                         ///< mfa_reset_oaa_user_file
    std::vector<std::string> more_types{};          ///< mfa_reset_oaa_challenge_type
    SubjectCase subject_case = SubjectCase::ascii;  ///< mfa_reset_subject_case
};

/// Whether `name` may be a challenge type: 1 to 64 characters of `A-Za-z0-9._-`. It becomes the end
/// of a field's name in the user's record.
bool is_challenge_type(std::string_view name) noexcept;

class OaaApi final : public Api {
public:
    /// `store` outlives the API.
    OaaApi(Settings settings, Store& store) : settings_(std::move(settings)), store_(store) {}

    std::string_view name() const noexcept override { return "oaa"; }
    Task<Response> serve(const Request& request, Services& services) const override;

private:
    Settings settings_;
    Store& store_;
};

}  // namespace mfa_reset::oaa
