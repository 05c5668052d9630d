// Puts a response's headers into nginx's: each into the field for its name, if nginx has one.
#pragma once

#include <span>
#include <string_view>

#include "mfa_reset/message.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// `type` has its parameters; empty: no Content-Type. nginx's filters compare it without them, and
/// do not convert a text that has a `charset` already.
void set_content_type(ngx_http_request_t* r, std::string_view type) noexcept;

/// Adds `headers`, as nginx's upstream module adds those of a backend, so that `expires`,
/// more_set_headers, ngx.header and $sent_http_cache_control find them by their field. Not for
/// Content-Type and Content-Length. False: no memory.
bool add_headers(ngx_http_request_t* r, std::span<const Header> headers) noexcept;

}  // namespace mfa_reset::nginx
