// From nginx's content phase to a running exchange.
#include "nginx/request/handler.hpp"

#include "mfa_reset/message.hpp"
#include "nginx/conf/conf.hpp"
#include "nginx/pool_memory.hpp"
#include "nginx/request/exchange.hpp"
#include "nginx/request/message.hpp"
#include "nginx/request/trace_record.hpp"

namespace mfa_reset::nginx {

namespace {

ngx_http_request_body_filter_pt next_request_body_filter = nullptr;

/// The body has been read, or is unread because it is too large. From now on the exchange finalizes
/// the request, and owns the reference that reading the body took.
void begin_exchange(ngx_http_request_t* r) noexcept {
    Exchange* exchange = Exchange::make(r);
    if (exchange == nullptr) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }
    exchange->start();
}

/// The size of the part of a body that nginx has buffered so far, in memory and in its file.
std::size_t kept(const ngx_http_request_body_t& body) noexcept {
    const off_t in_file = body.temp_file != nullptr ? body.temp_file->offset : 0;
    return static_cast<std::size_t>(in_file) + size_of(body.bufs);
}

/// Stops buffering a chunked body beyond kMaxBody, whatever `client_max_body_size` allows: the rest
/// is read and discarded.
ngx_int_t on_request_body(ngx_http_request_t* r, ngx_chain_t* in) noexcept {
    const ngx_http_request_body_t& body = *r->request_body;
    if (body.post_handler != begin_exchange || kept(body) <= Request::kMaxBody) {
        return next_request_body_filter(r, in);
    }
    ngx_chain_t* last = nullptr;
    for (; in != nullptr; in = in->next) {
        in->buf->pos = in->buf->last;
        last = in->buf->last_buf ? in : last;
    }
    return next_request_body_filter(r, last);
}

/// Whether the request is for the location's API, or for the fallback.
bool is_ours(ngx_http_request_t* r, const LocConf& conf) {
    PoolMemory memory(r->pool);
    Request request;
    read_request_head(r, memory, request);
    return conf.handler->claims(request, memory);
}

/// Passes the request to the fallback unchanged, with its body unread.
ngx_int_t fall_back(ngx_http_request_t* r, LocConf& conf) noexcept {
    TraceRecord* record = add_trace_record(r);
    if (record == nullptr) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }
    record->trace.api = conf.handler->name();
    record->trace.result = Result::fallback;
    record->server = &conf.records->server();
    return ngx_http_named_location(r, &conf.fallback);
}

}  // namespace

void add_request_body_filter() noexcept {
    next_request_body_filter = ngx_http_top_request_body_filter;
    ngx_http_top_request_body_filter = on_request_body;
}

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
