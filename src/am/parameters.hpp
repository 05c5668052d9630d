// The query's parameters that mean something here.
#pragma once

#include <string_view>

#include "http/query.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::am {

using http::Parameter;

/// Names are compared without case, but for `realm`, which AM reads elsewhere and exactly.
struct Parameters {
    bool well_encoded = true;  ///< false: bad percent-encoding; nothing else is known
    Parameter action;          ///< `_action`
    Parameter pretty_print;    ///< `_prettyPrint`
    Parameter mime_type;       ///< `_mimeType`
    Parameter realm;           ///< `realm`
};

Parameters parse_parameters(std::string_view query, Memory& memory);

}  // namespace mfa_reset::am
