// The parameters of a query that an API knows, found in one pass. The API has a struct with a
// Parameter for each, and a table with their names.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "format/words.hpp"
#include "http/percent.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::http {

/// Calls `use` with name and value of each field of `name=value&…`, encoded as they are, until it
/// returns false. Returns false then, else true. A field without `=` has an empty value. An empty
/// field (`&&`) is skipped.
template <class Use>
bool each_field(std::string_view text, Use use) {
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        const char* const first = at;
        while (at != end && *at != '&' && *at != '=') {
            ++at;
        }
        const std::string_view name(first, at);
        std::string_view value;
        if (at != end && *at == '=') {
            value = {at + 1, end};
            value = value.substr(0, format::find_byte(value, '&'));
            at = value.data() + value.size();
        }
        if (at != first && !use(name, value)) {
            return false;
        }
        at += at != end ? 1 : 0;
    }
    return true;
}

struct Parameter {
    std::string_view value{};  ///< the first one, decoded, where `+` is a blank; any byte
    bool given = false;
    bool repeated = false;
    bool well_encoded = true;  ///< false: the first one's percent-encoding is bad; no value

    void add(std::string_view encoded, Memory& memory) {
        if (given) {
            repeated = true;
            return;
        }
        given = true;
        const auto decoded = decode_percent(encoded, Plus::blank, memory);
        well_encoded = decoded.has_value();
        value = decoded.value_or(std::string_view{});
    }
};

template <class Parameters>
struct KnownParameter {
    std::string_view name;
    Case compared{};
    Parameter Parameters::*parameter;
};

/// Reads into `found` the parameters of `known`; names may be percent-encoded. Other parameters are
/// ignored.
template <class Parameters, std::size_t count>
void read_parameters(std::string_view query,
                     const std::array<KnownParameter<Parameters>, count>& known, Parameters& found,
                     Memory& memory) {
    each_field(query, [&](std::string_view encoded, std::string_view value) {
        for (const auto& [name, compared, parameter] : known) {
            if (is_encoded_as(encoded, name, compared)) {
                (found.*parameter).add(value, memory);
                break;
            }
        }
        return true;
    });
}

}  // namespace mfa_reset::http
