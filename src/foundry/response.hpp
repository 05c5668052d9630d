// The responses, byte for byte as ServiceStack's clients know them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "foundry/formats.hpp"
#include "mfa_reset/memory.hpp"
#include "mfa_reset/message.hpp"
#include "mfa_reset/records.hpp"
#include "mfa_reset/trace.hpp"

namespace mfa_reset::foundry {

/// What is wrong with one member of the request.
struct FieldError {
    std::string_view code;      ///< `NotEmpty`
    std::string_view field;     ///< `TargetUserId`
    std::string_view message;   ///< `'Target User Id' must not be empty.`
    std::string_view property;  ///< meta's PropertyName, `Target User Id`
};

/// Why a request is not done, as the client and the log are told.
struct Refusal {
    int status = 500;
    Result result = Result::malformed;
    std::string_view code;  ///< `NotFound`
    std::string_view message;
    std::string_view reason{};       ///< for the log; empty: the message
    std::string_view retry_after{};  ///< seconds; empty: no such header
    std::span<const FieldError>
        fields{};  ///< where there are any, code and message are the first's
};

/// When to try again, in seconds, if nothing was used up.
inline constexpr std::string_view kSoon = "1";

/// The store could not be asked, did not answer, or not what it may. In doubt the result is
/// `unavailable`: this is for all that is asked before the reset is sent.
Refusal refuse(const Failure& failure, std::string_view retry_after = kSoon) noexcept;

/// What all responses to one request have in common.
struct Manner {
    Form form;
    std::string_view xml_namespace;  ///< of the operation's response
};

/// The reset was done, or there was nothing to do.
Response succeed(const Manner& manner, Memory& memory);

Response refuse(const Refusal& refusal, const Manner& manner, Memory& memory);

}  // namespace mfa_reset::foundry
