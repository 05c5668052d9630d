// nginx's request as the library's Request; the library's Response as nginx's.
#pragma once

#include <cstddef>

#include "mfa_reset/memory.hpp"
#include "mfa_reset/message.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// Fills all of `request` but its body. Throws std::bad_alloc.
void read_request_head(ngx_http_request_t* r, Memory& memory, Request& request);

/// Fills `request` from `r`, whose body was read or is being discarded. False: the body's file
/// could not be read. Throws std::bad_alloc.
bool read_request(ngx_http_request_t* r, Memory& memory, Request& request);

/// The bytes in all buffers of `chain`, which may be none.
std::size_t size_of(const ngx_chain_t* chain) noexcept;

/// Copies what is in `buffer`, which may be a piece of a file, to `out`, where ngx_buf_size() bytes
/// have room. False: the file could not be read.
bool copy_buffer(const ngx_buf_t& buffer, u_char* out) noexcept;

/// Sends the whole response. Returns what ngx_http_finalize_request takes.
ngx_int_t send_response(ngx_http_request_t* r, const Response& response) noexcept;

}  // namespace mfa_reset::nginx
