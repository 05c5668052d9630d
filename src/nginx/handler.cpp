// From nginx's content phase to a running exchange.
#include "nginx/handler.hpp"

#include "mfa_reset/message.hpp"
#include "nginx/conf.hpp"
#include "nginx/exchange.hpp"
#include "nginx/message.hpp"
#include "nginx/pool_memory.hpp"
#include "nginx/trace_record.hpp"

namespace mfa_reset::nginx {

namespace {

/// The body is read, or is left unread because it is too large. From here on the exchange ends the
/// request, and holds it by the reference that reading the body took.
void begin_exchange(ngx_http_request_t* r) noexcept {
    Exchange* exchange = Exchange::make(r);
    if (exchange == nullptr) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }
    exchange->start();
}

/// Whether the request is for the location's API, where there is another place for it to go to.
bool is_ours(ngx_http_request_t* r, const LocConf& conf) {
    PoolMemory memory(r->pool);
    Request request;
    read_request_head(r, memory, request);
    return conf.handler->claims(request, memory);
}

/// Hands the request on as it came: its body is not read.
ngx_int_t fall_back(ngx_http_request_t* r, LocConf& conf) noexcept {
    TraceRecord* record = add_trace_record(r);
    if (record == nullptr) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }
    record->trace.api = conf.handler->name();
    record->trace.result = Result::fallback;
    record->server = &conf.store->server();
    return ngx_http_named_location(r, &conf.fallback);
}

}  // namespace

ngx_int_t content_handler(ngx_http_request_t* r) noexcept {
    LocConf& conf = loc_conf(r);
    if (r != r->main) {
        return NGX_HTTP_NOT_FOUND;
    }
    if (conf.handler == nullptr) {
        return NGX_DECLINED;  // an `if` block with a handler of its own
    }
    if (conf.fallback.data != nullptr) {
        const auto rc = guarded<ngx_int_t>(NGX_HTTP_INTERNAL_SERVER_ERROR, [r, &conf] {
            return is_ours(r, conf) ? NGX_OK : fall_back(r, conf);
        });
        if (rc != NGX_OK) {
            return rc;
        }
    }
    if (r->headers_in.content_length_n > static_cast<off_t>(Request::kMaxBody)) {
        if (const ngx_int_t rc = ngx_http_discard_request_body(r); rc != NGX_OK) {
            return rc;
        }
        ++r->main->count;
        begin_exchange(r);
        return NGX_DONE;
    }
    const ngx_int_t rc = ngx_http_read_client_request_body(r, begin_exchange);
    return rc >= NGX_HTTP_SPECIAL_RESPONSE ? rc : NGX_DONE;
}

}  // namespace mfa_reset::nginx
