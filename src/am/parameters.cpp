#include "am/parameters.hpp"

#include <array>

#include "format/ascii.hpp"
#include "format/words.hpp"
#include "http/percent.hpp"

namespace mfa_reset::am {

namespace {

struct Known {
    std::string_view name;
    http::Case compared;
    Parameter Parameters::*parameter;
};

constexpr std::array kKnown{Known{"_action", http::Case::ignored, &Parameters::action},
                            Known{"_prettyPrint", http::Case::ignored, &Parameters::pretty_print},
                            Known{"_mimeType", http::Case::ignored, &Parameters::mime_type},
                            Known{"realm", http::Case::exact, &Parameters::realm}};

/// Where the parameter is kept whose name is encoded so; nullptr for those that are ignored.
Parameter* find(Parameters& parameters, std::string_view encoded) noexcept {
    const bool plain = format::find_byte(encoded, '%') == encoded.size();
    for (const auto& [name, compared, parameter] : kKnown) {
        if (plain ? compared == http::Case::exact ? encoded == name
                                                  : format::equal_ignoring_case(encoded, name)
                  : http::is_encoded_as(encoded, name, compared)) {
            return &(parameters.*parameter);
        }
    }
    return nullptr;
}

/// Whether a name could be one of those: most need not be looked at.
constexpr bool may_mean(std::string_view encoded) noexcept {
    constexpr std::size_t kShortest = std::string_view("realm").size();
    return encoded.size() >= kShortest &&
           (encoded.front() == '_' || encoded.front() == 'r' || encoded.front() == '%');
}

}  // namespace

Parameters parse_parameters(std::string_view query, Memory& memory) {
    Parameters parameters;
    if (!http::is_percent_encoded(query)) {
        parameters.well_encoded = false;
        return parameters;
    }
    const char* at = query.data();
    const char* const end = at + query.size();
    for (; at != end; ++at) {
        const char* const name = at;
        while (at != end && *at != '&' && *at != '=') {
            ++at;
        }
        const std::string_view encoded(name, at);
        const char* value = at;
        if (at != end && *at == '=') {
            value = at + 1;
            at = value + format::find_byte({value, end}, '&');
        }
        Parameter* const parameter = may_mean(encoded) ? find(parameters, encoded) : nullptr;
        if (parameter != nullptr && !parameter->given) {
            parameter->given = true;
            parameter->value = http::decode_percent({value, at}, http::Plus::blank, memory)
                                   .value_or(std::string_view{});
        } else if (parameter != nullptr) {
            parameter->repeated = true;
        }
        if (at == end) {
            break;
        }
    }
    return parameters;
}

}  // namespace mfa_reset::am
