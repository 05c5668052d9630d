// What a request asks for: the operation, by path and method, and the form of its answer.
#pragma once

#include <optional>
#include <string_view>

#include "foundry/formats.hpp"
#include "foundry/headers.hpp"
#include "mfa_reset/memory.hpp"
#include "mfa_reset/message.hpp"

namespace mfa_reset::foundry {

inline constexpr std::string_view kOperation = "ResetTwoFactorAuthenticationRequest";

struct Route {
    bool found = false;            ///< path and method are the operation's
    Form form;                     ///< of the answer, also where nothing is found
    std::optional<Format> body{};  ///< what the route says the body is, if it is not a form
};

/// Contracts: foundry.md, "Which format answers". The path may have anything before the part that
/// is ours; which paths come here is the operator's.
Route find_route(const Request& request, const Headers& headers, Memory& memory);

}  // namespace mfa_reset::foundry
