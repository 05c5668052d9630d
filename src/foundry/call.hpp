// What is known of one request before anything is asked: where it goes, its headers, and how its
// answer is written.
#pragma once

#include "foundry/answer.hpp"
#include "foundry/api.hpp"
#include "foundry/headers.hpp"
#include "foundry/route.hpp"

namespace mfa_reset::foundry {

struct Call {
    const Request& request;
    const Settings& settings;
    Memory& memory;

    Headers headers;
    Route route;
    Manner manner{route.form, settings.xml_namespace};
};

}  // namespace mfa_reset::foundry
