// What one request says, read before any check.
#pragma once

#include <optional>
#include <string_view>

#include "http/query.hpp"
#include "mfa_reset/memory.hpp"
#include "mfa_reset/message.hpp"
#include "oaa/response.hpp"

namespace mfa_reset::oaa {

struct Credentials {
    std::optional<std::string_view> authorization{};  ///< the header, the last one
    bool repeated = false;                            ///< it is there more than once
};

/// Names have a case; other parameters are ignored.
struct Parameters {
    http::Parameter context_id;      ///< `contextId`
    http::Parameter challenge_type;  ///< `challengeType`
};

struct ParsedRequest {
    const Request& raw;  ///< as it was sent
    Credentials credentials{};
    std::optional<Form> accepted{};  ///< what `Accept` asks for; nullopt: nothing of ours
    Parameters parameters{};

    /// Of the response: a request is refused in the first form before `Accept` counts.
    Form form() const noexcept { return accepted.value_or(Form{}); }
};

ParsedRequest parse_request(const Request& raw, Memory& memory);

/// Whether `text` is 1 to 128 characters of `A-Za-z0-9._~-`, as every context id is.
bool is_context_id(std::string_view text) noexcept;

}  // namespace mfa_reset::oaa
