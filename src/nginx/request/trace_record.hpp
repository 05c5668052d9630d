// A request's Trace in its pool, where the log phase still finds it: an internal redirect clears
// the module's request context, and the coroutine is gone by then.
#pragma once

#include "mfa_reset/trace.hpp"
#include "nginx/ngx.hpp"
#include "nginx/redis/server.hpp"

namespace mfa_reset::nginx {

struct TraceRecord {
    Trace trace;
    const RedisServer* server = nullptr;
};

/// A fresh record, to be found by find_trace_record. nullptr: no memory.
TraceRecord* add_trace_record(ngx_http_request_t* r) noexcept;

/// The newest record of the request, or nullptr where none of its locations was ours.
TraceRecord* find_trace_record(ngx_http_request_t* r) noexcept;

}  // namespace mfa_reset::nginx
