// A response's headers among nginx's: each in the field that nginx has for its name, if it has one.
#pragma once

#include <span>
#include <string_view>

#include "mfa_reset/message.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// With its parameters; empty: no such header. nginx's filters look at the type without them, and
/// convert no text that has a `charset` already.
void set_content_type(ngx_http_request_t* r, std::string_view type) noexcept;

/// Adds `headers`, as nginx's upstream module adds a backend's: what replaces, clears or reads a
/// header by its field (`expires`, more_set_headers, ngx.header, $sent_http_cache_control) finds
/// it. Neither Content-Type nor Content-Length is among them. False: no memory.
bool add_headers(ngx_http_request_t* r, std::span<const Header> headers) noexcept;

}  // namespace mfa_reset::nginx
