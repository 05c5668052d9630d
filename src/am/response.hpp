// The responses, byte for byte as AM's clients know them.
#pragma once

#include <cstdint>
#include <string_view>

#include "am/version.hpp"
#include "mfa_reset/memory.hpp"
#include "mfa_reset/message.hpp"
#include "mfa_reset/trace.hpp"

namespace mfa_reset::am {

/// Why a request is not done, as the client and the log are told.
struct Refusal {
    enum class Form : std::uint8_t {
        json,
        text,          ///< plain text
        text_untyped,  ///< plain text without a Content-Type, as AM refuses a version
    };
    int status = 500;
    Result result = Result::malformed;
    std::string_view message;
    std::string_view detail{};  ///< JSON only; empty: none
    std::string_view reason{};  ///< for the log; empty: the message
    Form form = Form::json;
    bool by_action = false;  ///< the action itself refused: its version goes with the answer
};

/// What all responses to one request have in common.
struct Manner {
    bool pretty = false;           ///< `_prettyPrint=true`
    bool version_warning = false;  ///< the client did not say which resource version it wants
};

/// An action's answer, `{"result":true}`: a reset was done, or there was nothing to do.
Response respond_result(bool result, Manner manner) noexcept;

/// An action's answer that says nothing, `{}`.
Response respond_empty(Manner manner) noexcept;

/// One device. `body` is in the request's memory.
Response respond_item(std::string_view body, unsigned long revision, Manner manner, Memory& memory);

/// A query's answer; `empty`: it has no items. `protocol`: the one that was asked for.
Response respond_list(std::string_view body, bool empty, Version protocol, Manner manner,
                      Memory& memory);

/// Any other: `content_version` is the value of Content-API-Version.
Response respond(std::string_view body, std::string_view content_version, Manner manner) noexcept;

/// AM itself does it, and answers.
Response hand_on() noexcept;

/// To OPTIONS.
Response allow(Manner manner) noexcept;

Response refuse(const Refusal& refusal, Manner manner, Memory& memory);

}  // namespace mfa_reset::am
