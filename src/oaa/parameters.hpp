// The query's parameters that mean something here.
#pragma once

#include <cstdint>
#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::oaa {

struct Parameter {
    enum class State : std::uint8_t {
        missing,   ///< not there, or empty
        once,      ///< `value` is it
        repeated,  ///< there more than once
        encoding,  ///< its percent-encoding is bad
    };
    std::string_view value;  ///< decoded; may hold any byte
    State state = State::missing;
    bool given = false;
};

struct Parameters {
    Parameter context_id;      ///< `contextId`
    Parameter challenge_type;  ///< `challengeType`
};

/// Names have a case and may be percent-encoded; `+` is a blank; others are ignored, and so are
/// those whose name cannot be decoded. Throws std::bad_alloc.
Parameters parse_parameters(std::string_view query, Memory& memory);

/// Whether `text` is 1 to 128 characters of `A-Za-z0-9._~-`, as every context id is.
bool is_context_id(std::string_view text) noexcept;

}  // namespace mfa_reset::oaa
