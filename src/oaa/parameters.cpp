#include "oaa/parameters.hpp"

#include <algorithm>

#include "format/ascii.hpp"
#include "format/words.hpp"
#include "http/form.hpp"
#include "http/percent.hpp"

namespace mfa_reset::oaa {

namespace {

constexpr std::size_t kMaxContextId = 128;

/// Where the parameter is kept whose name is encoded so; nullptr for those that are ignored.
Parameter* find(Parameters& parameters, std::string_view encoded) noexcept {
    using http::Case;
    if (http::is_encoded_as(encoded, "contextId", Case::exact)) {
        return &parameters.context_id;
    }
    return http::is_encoded_as(encoded, "challengeType", Case::exact) ? &parameters.challenge_type
                                                                      : nullptr;
}

void set(Parameter& parameter, std::string_view raw, Memory& memory) {
    using State = Parameter::State;
    if (parameter.given) {
        parameter.state = State::repeated;
        return;
    }
    parameter.given = true;
    const auto value = http::decode_percent(raw, http::Plus::blank, memory);
    parameter.value = value.value_or(std::string_view{});
    parameter.state = !value ? State::encoding : value->empty() ? State::missing : State::once;
}

}  // namespace

Parameters parse_parameters(std::string_view query, Memory& memory) {
    Parameters parameters;
    while (!query.empty()) {
        const std::string_view pair = http::take_field(query);
        const std::size_t equals = format::find_byte(pair, '=');
        Parameter* const parameter = find(parameters, pair.substr(0, equals));
        if (parameter != nullptr) {
            set(*parameter, pair.substr(std::min(equals + 1, pair.size())), memory);
        }
    }
    return parameters;
}

bool is_context_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= kMaxContextId &&
           std::all_of(text.begin(), text.end(), [](char c) {
               const char lower = format::to_lower(c);
               return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
                      c == '_' || c == '~' || c == '-';
           });
}

}  // namespace mfa_reset::oaa
