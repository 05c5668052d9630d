// The checks that a request passes before anybody asks who sent it, in AM's order: which of them
// comes first decides which error a client sees.
#pragma once

#include <optional>

#include "am/request.hpp"
#include "am/response.hpp"

namespace mfa_reset::am {

/// Says why a request is refused; nothing where it may go on.
using Check = std::optional<Refusal> (*)(const ParsedRequest&);

std::optional<Refusal> check_encoding(
    const ParsedRequest& request);  ///< 1, and what else no path may hold
std::optional<Refusal> check_csrf(const ParsedRequest& request);            ///< 2
std::optional<Refusal> check_version_syntax(const ParsedRequest& request);  ///< 3
std::optional<Refusal> check_realm(const ParsedRequest& request);           ///< 4
/// The 400 for a parameter that is given twice; nullopt if it is not.
std::optional<Refusal> refuse_repeated(const Parameter& parameter, std::string_view name,
                                       const ParsedRequest& request);
std::optional<Refusal> check_crest(const ParsedRequest& request);       ///< 5, see crest.cpp
std::optional<Refusal> check_conditions(const ParsedRequest& request);  ///< of 5, its `If-*`
std::optional<Refusal> check_route(
    const ParsedRequest& request);  ///< 6, and what the route does not do
std::optional<Refusal> check_token(
    const ParsedRequest& request);  ///< 7, as far as the token itself tells

}  // namespace mfa_reset::am
