// What a client may ask about its own session: getSessionInfo, if sessions are in the records.
#pragma once

#include <cstdint>
#include <string_view>

#include "am/request.hpp"
#include "am/store.hpp"
#include "mfa_reset/api.hpp"
#include "mfa_reset/task.hpp"

namespace mfa_reset::am {

/// All references must live until the Task has ended. Throws std::bad_alloc only.
Task<Response> tell_session(const ParsedRequest& request, Store& store, Services& services);

/// `2026-11-30T19:31:57Z` of seconds since 1970; the last second of the year 9999 for what is
/// later, or negative: never.
std::string_view to_time(std::int64_t seconds, Memory& memory);

}  // namespace mfa_reset::am
