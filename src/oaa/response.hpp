// OAA's answers: one wrapper in JSON, XML or plain text (contracts: oaa.md, "Answers").
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "mfa_reset/memory.hpp"
#include "mfa_reset/message.hpp"
#include "mfa_reset/trace.hpp"

namespace mfa_reset::oaa {

/// In the order of preference, which is that of kTypes.
enum class Form : std::uint8_t { json, xml, text };

/// What is offered to `Accept`.
inline constexpr std::array<std::string_view, 3> kTypes{"application/json", "application/xml",
                                                        "text/plain"};

/// Why a call is refused. The status decides the message.
struct Refusal {
    int status = 500;
    Result result = Result::malformed;
    std::string_view reason;  ///< for the log
};

/// The counter and the lock are cleared, or there was nothing to clear.
Response succeed(Form form, Memory& memory);

/// To OPTIONS: the methods, and no body.
Response allow() noexcept;

/// 406 has no body.
Response refuse(const Refusal& refusal, Form form, Memory& memory);

}  // namespace mfa_reset::oaa
