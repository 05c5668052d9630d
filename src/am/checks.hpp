// The checks that a request passes before anybody asks who sent it, in AM's order: which of them
// comes first decides which error a client sees.
#pragma once

#include <optional>

#include "am/answer.hpp"
#include "am/call.hpp"

namespace mfa_reset::am {

/// Says why a call is refused; nothing where it may go on.
using Check = std::optional<Refusal> (*)(const Call&);

std::optional<Refusal> check_encoding(const Call& call);  ///< 1, and what else no path may hold
std::optional<Refusal> check_csrf(const Call& call);      ///< 2
std::optional<Refusal> check_version_syntax(const Call& call);  ///< 3
std::optional<Refusal> check_realm(const Call& call);           ///< 4
std::optional<Refusal> check_crest(const Call& call);           ///< 5, see crest.cpp
std::optional<Refusal> check_route(const Call& call);  ///< 6, and what the route does not do
std::optional<Refusal> check_token(const Call& call);  ///< 7, as far as the token itself tells

}  // namespace mfa_reset::am
