// nginx's request as the library's Request; the library's Response as nginx's.
#pragma once

#include <cstddef>

#include "mfa_reset/memory.hpp"
#include "mfa_reset/message.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// Fills `request` except its body.
void read_request_head(ngx_http_request_t* r, Memory& memory, Request& request);

/// Fills `request` from `r`, whose body has been read or is being discarded. False: the file of the
/// body could not be read.
bool read_request(ngx_http_request_t* r, Memory& memory, Request& request);

/// The number of bytes in all buffers of `chain`, which may be nullptr.
std::size_t size_of(const ngx_chain_t* chain) noexcept;

/// Copies `buffer`, which may be part of a file, to `out`, which has at least ngx_buf_size() bytes.
/// False: the file could not be read.
bool copy_buffer(const ngx_buf_t& buffer, u_char* out) noexcept;

/// Sends the whole response. Returns the code for ngx_http_finalize_request.
ngx_int_t send_response(ngx_http_request_t* r, const Response& response) noexcept;

}  // namespace mfa_reset::nginx
