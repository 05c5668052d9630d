// AM's settings of a location without directives of its own.
#pragma once

#include "am/api.hpp"

namespace mfa_reset::test {

inline am::Settings am_settings() {
    am::Settings settings;
    settings.cookie = "iPlanetDirectoryPro";
    settings.default_version = am::DefaultVersion::latest;
    settings.self.allowed = true;
    settings.subject_case = SubjectCase::ascii;
    return settings;
}

}  // namespace mfa_reset::test
