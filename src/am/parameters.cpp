// See parameters.hpp.
#include "am/parameters.hpp"

#include <algorithm>

#include "format/ascii.hpp"
#include "format/percent.hpp"

namespace mfa_reset::am {

namespace {

/// Where the parameter of that name is kept; nullptr for those that are ignored.
Parameter* find(Parameters& parameters, std::string_view name) noexcept {
    if (name == "realm") {
        return &parameters.realm;
    }
    if (!name.starts_with('_')) {
        return nullptr;
    }
    if (format::equal_ignoring_case(name, "_action")) {
        return &parameters.action;
    }
    if (format::equal_ignoring_case(name, "_prettyPrint")) {
        return &parameters.pretty_print;
    }
    return format::equal_ignoring_case(name, "_mimeType") ? &parameters.mime_type : nullptr;
}

}  // namespace

Parameters parse_parameters(std::string_view query, Memory& memory) {
    Parameters parameters;
    if (!format::is_percent_encoded(query)) {
        parameters.well_encoded = false;
        return parameters;
    }
    const auto decode = [&memory](std::string_view text) {
        return format::decode_percent(text, format::Plus::blank, memory).value_or(text);
    };
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));

        const std::size_t equals = std::min(pair.find('='), pair.size());
        Parameter* const parameter = find(parameters, decode(pair.substr(0, equals)));
        if (parameter == nullptr) {
            continue;
        }
        if (parameter->given) {
            parameter->repeated = true;
            continue;
        }
        parameter->given = true;
        parameter->value = decode(pair.substr(std::min(equals + 1, pair.size())));
    }
    return parameters;
}

}  // namespace mfa_reset::am
