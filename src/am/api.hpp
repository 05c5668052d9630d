// AM's reset of a registered device (contracts: am.md). See api.cpp for the order of checks.
#pragma once

#include <cstdint>
#include <string>

#include "am/realms.hpp"
#include "mfa_reset/api.hpp"

namespace mfa_reset::am {

enum class DefaultVersion : std::uint8_t { latest, oldest, none };

/// What the operator configures for one location.
struct Settings {
    std::string cookie =
        "iPlanetDirectoryPro";  ///< mfa_reset_am_cookie: cookie and header of the token
    DefaultVersion default_version = DefaultVersion::latest;  ///< mfa_reset_am_default_version
    Realms realms;                                            ///< mfa_reset_am_realm
    bool self_allowed = true;                                 ///< mfa_reset_am_self
    SubjectCase subject_case = SubjectCase::ascii;            ///< mfa_reset_subject_case
};

class AmApi final : public Api {
public:
    explicit AmApi(Settings settings) : settings_(std::move(settings)) {}

    std::string_view name() const noexcept override { return "am"; }
    Task<Response> serve(const Request& request, Services& services) const override;

private:
    Settings settings_;
};

}  // namespace mfa_reset::am
