#include "nginx/request/trace_record.hpp"

namespace mfa_reset::nginx {

namespace {

/// Does nothing: its address marks the record in the list of cleanups.
void trace_record_mark(void* /*data*/) noexcept {}

}  // namespace

TraceRecord* add_trace_record(ngx_http_request_t* r) noexcept {
    ngx_pool_cleanup_t* cleanup = ngx_pool_cleanup_add(r->pool, sizeof(TraceRecord));
    if (cleanup == nullptr) {
        return nullptr;
    }
    cleanup->handler = trace_record_mark;
    return new (cleanup->data) TraceRecord{};
}

TraceRecord* find_trace_record(ngx_http_request_t* r) noexcept {
    for (ngx_pool_cleanup_t* cleanup = r->pool->cleanup; cleanup != nullptr;
         cleanup = cleanup->next) {
        if (cleanup->handler == trace_record_mark) {
            return static_cast<TraceRecord*>(cleanup->data);
        }
    }
    return nullptr;
}

}  // namespace mfa_reset::nginx
