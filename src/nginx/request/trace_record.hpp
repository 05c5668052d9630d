// A request's Trace in its pool, for the log phase: the coroutine is gone by then, and an internal
// redirect clears the module's request context.
#pragma once

#include "mfa_reset/trace.hpp"
#include "nginx/ngx.hpp"
#include "nginx/redis/server.hpp"

namespace mfa_reset::nginx {

struct TraceRecord {
    Trace trace;
    const RedisServer* server = nullptr;
};

/// Makes a record that find_trace_record() finds. nullptr: no memory.
TraceRecord* add_trace_record(ngx_http_request_t* r) noexcept;

/// The newest record of the request; nullptr: no location of the request was ours.
TraceRecord* find_trace_record(ngx_http_request_t* r) noexcept;

}  // namespace mfa_reset::nginx
