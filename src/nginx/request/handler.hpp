// The content handler of a location with `mfa_reset`.
#pragma once

#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// Reads the request with its body, and runs the location's API. Only the main request acts: a
/// subrequest, a mirror and an SSI include get 404.
ngx_int_t content_handler(ngx_http_request_t* r) noexcept;

/// Limits how much of a request body content_handler() buffers. Call it once per configuration.
void add_request_body_filter() noexcept;

}  // namespace mfa_reset::nginx
