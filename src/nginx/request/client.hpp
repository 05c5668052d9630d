// Whether the client of a request is still there.
#pragma once

#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// Whether the client of the main request `r` has closed or reset its connection or its stream. For
/// a read event handler: as ngx_http_test_reading() finds it, but the request goes on.
bool client_has_left(const ngx_http_request_t& r) noexcept;

/// The client has left, and the request goes on without read events. The connection's `error` is
/// not set, as ngx_http_test_reading() would: the next subrequest that ends, a mirror for example,
/// would end the request.
void note_client_left(ngx_http_request_t& r) noexcept;

}  // namespace mfa_reset::nginx
