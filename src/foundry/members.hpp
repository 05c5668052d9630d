// The members of the request, from body and query, whatever format they come in.
#pragma once

#include <string_view>
#include <variant>

#include "foundry/request.hpp"

namespace mfa_reset::foundry {

/// Views live as long as the request. Empty: not given.
struct ResetMembers {
    std::string_view target_user_id;
    std::string_view caller_code;
    std::string_view organisation_id;
};

/// The request, or why it cannot be read or is not valid (contracts: foundry.md, "Reading the
/// request"): too large, malformed, a code in the query, a member missing.
std::variant<ResetMembers, Refusal> read_members(const ParsedRequest& request);

/// Whether a member counts as not given: FluentValidation's NotEmpty has it that white space is
/// empty.
bool is_empty(std::string_view value) noexcept;

/// The refusal of a request without a code, also for callers of whom only later is known that they
/// must give one.
Refusal refuse_empty_code() noexcept;

}  // namespace mfa_reset::foundry
