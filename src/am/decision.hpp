// Why an act is not done, once the request itself is good: what is told only to callers who may
// act, and what the store decided. The order of the functions is the order of the checks (api.cpp).
#pragma once

#include <optional>

#include "am/request.hpp"
#include "am/response.hpp"
#include "am/store.hpp"
#include "mfa_reset/trace.hpp"

namespace mfa_reset::am {

inline constexpr Refusal kNoSession{.status = 401,
                                    .result = Result::unauthenticated,
                                    .message = "Access Denied",
                                    .reason = "no such session"};

inline constexpr std::string_view kUnavailable = "Service Unavailable";

/// 9, the version, and 10, as far as the request tells: why the action is not done even for callers
/// who may act; nullopt if it is done.
std::optional<Refusal> check_act(const ParsedRequest& request);

/// 7 to 10: every reason not to say that the act was done, once the store has decided on `order`.
std::optional<Refusal> check_decision(const ParsedRequest& request, const Order& order,
                                      const Decision& decision);

/// The store did not answer, or not what it may: never a success that did not happen.
Refusal refuse_failure(const Failure& failure, const ParsedRequest& request, bool was_change);

/// The version that was asked for is not served.
Refusal refuse_version(const ParsedRequest& request);

/// The user has no such device.
Refusal refuse_unknown_device(const ParsedRequest& request);

/// The response, and the same for the log.
Response refused(const Refusal& refusal, const ParsedRequest& request, Trace& trace);

/// Who called, for the log.
void describe_caller(const Caller& caller, Trace& trace, Memory& memory);

}  // namespace mfa_reset::am
