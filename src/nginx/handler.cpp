// From nginx's content phase to a running exchange.
#include "nginx/handler.hpp"

#include "mfa_reset/message.hpp"
#include "nginx/conf.hpp"
#include "nginx/exchange.hpp"

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

}  // namespace

ngx_int_t content_handler(ngx_http_request_t* r) noexcept {
    if (r != r->main) {
        return NGX_HTTP_NOT_FOUND;
    }
    if (loc_conf(r).handler == nullptr) {
        return NGX_DECLINED;  // an `if` block with a handler of its own
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
