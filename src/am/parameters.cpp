#include "am/parameters.hpp"

#include <array>

#include "http/percent.hpp"

namespace mfa_reset::am {

Parameters parse_parameters(std::string_view query, Memory& memory) {
    using http::Case;
    static constexpr std::array<http::KnownParameter<Parameters>, 4> kKnown{{
        {"_action", Case::ignored, &Parameters::action},
        {"_prettyPrint", Case::ignored, &Parameters::pretty_print},
        {"_mimeType", Case::ignored, &Parameters::mime_type},
        {"realm", Case::exact, &Parameters::realm},
    }};
    Parameters parameters;
    parameters.well_encoded = http::is_percent_encoded(query);
    if (parameters.well_encoded) {
        http::read_parameters(query, kKnown, parameters, memory);
    }
    return parameters;
}

}  // namespace mfa_reset::am
