// The content handler of a location with `mfa_reset`.
#pragma once

#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// Reads the request with its body, and has the location's API answer it. Only the main request
/// acts: a subrequest, a mirror and an SSI include get 404.
ngx_int_t content_handler(ngx_http_request_t* r) noexcept;

/// Once, when the configuration is read: bounds what is kept of the bodies that content_handler
/// reads.
void add_request_body_filter() noexcept;

}  // namespace mfa_reset::nginx
