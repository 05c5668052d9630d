// What the operator configures for one location.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/basic_users.hpp"
#include "mfa_reset/subject.hpp"

namespace mfa_reset::oaa {

struct Settings {
    auth::BasicUsers users;                         ///< mfa_reset_oaa_user_file
    std::vector<std::string> more_types{};          ///< mfa_reset_oaa_challenge_type
    SubjectCase subject_case = SubjectCase::ascii;  ///< mfa_reset_subject_case
};

/// Whether `name` may be a challenge type: 1 to 64 characters of `A-Za-z0-9._-`. It becomes the end
/// of a field's name in the user's record.
bool is_challenge_type(std::string_view name) noexcept;

}  // namespace mfa_reset::oaa
