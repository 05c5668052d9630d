// See parameters.hpp.
#include "oaa/parameters.hpp"

#include <algorithm>

#include "format/ascii.hpp"
#include "format/percent.hpp"

namespace mfa_reset::oaa {

namespace {

constexpr std::size_t kMaxContextId = 128;

/// Where the parameter of that name is kept; nullptr for those that are ignored.
Parameter* find(Parameters& parameters, std::string_view name) noexcept {
    if (name == "contextId") {
        return &parameters.context_id;
    }
    return name == "challengeType" ? &parameters.challenge_type : nullptr;
}

void set(Parameter& parameter, std::string_view raw, Memory& memory) {
    using State = Parameter::State;
    if (parameter.given) {
        parameter.state = State::repeated;
        return;
    }
    parameter.given = true;
    const auto value = format::decode_percent(raw, format::Plus::blank, memory);
    parameter.value = value.value_or(std::string_view{});
    parameter.state = !value ? State::encoding : value->empty() ? State::missing : State::once;
}

}  // namespace

Parameters parse_parameters(std::string_view query, Memory& memory) {
    Parameters parameters;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));

        const std::size_t equals = std::min(pair.find('='), pair.size());
        const auto name =
            format::decode_percent(pair.substr(0, equals), format::Plus::blank, memory);
        Parameter* const parameter = name ? find(parameters, *name) : nullptr;
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
