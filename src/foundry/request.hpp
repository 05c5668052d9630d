// What is known of one request before anything is asked: where it goes, its headers, and how its
// answer is written.
#pragma once

#include "foundry/headers.hpp"
#include "foundry/response.hpp"
#include "foundry/route.hpp"
#include "foundry/settings.hpp"
#include "mfa_reset/memory.hpp"
#include "mfa_reset/message.hpp"

namespace mfa_reset::foundry {

struct ParsedRequest {
    const Request& raw;  ///< as it was sent
    const Settings& settings;
    Memory& memory;

    Headers headers;
    Route route;
    Manner manner{route.form, settings.xml_namespace};
};

ParsedRequest parse_request(const Request& raw, const Settings& settings, Memory& memory);

}  // namespace mfa_reset::foundry
