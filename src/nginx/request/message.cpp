#include "nginx/request/message.hpp"

#include <cstddef>
#include <span>

#include "nginx/request/response_headers.hpp"

namespace mfa_reset::nginx {

namespace {

std::span<const Header> read_headers(ngx_http_request_t* r, Memory& memory) {
    std::size_t count = 0;
    const ngx_list_part_t* const first = &r->headers_in.headers.part;
    for (const ngx_list_part_t* part = first; part != nullptr; part = part->next) {
        count += part->nelts;
    }
    if (count == 0) {
        return {};
    }
    auto* headers = static_cast<Header*>(memory.allocate(count * sizeof(Header), alignof(Header)));
    std::size_t filled = 0;
    for (const ngx_list_part_t* part = first; part != nullptr; part = part->next) {
        const std::span elements{static_cast<const ngx_table_elt_t*>(part->elts), part->nelts};
        for (const ngx_table_elt_t& element : elements) {
            new (&headers[filled++]) Header{view(element.key), view(element.value)};
        }
    }
    return {headers, count};
}

bool read_body(ngx_http_request_t* r, Memory& memory, Request& request) {
    // Being discarded: content_length_n is no longer its size, nginx counts it down.
    if (r->request_body == nullptr) {
        request.body_state = Request::Body::too_large;
        return true;
    }
    const ngx_chain_t* const chain = r->request_body->bufs;
    const std::size_t size = size_of(chain);
    if (size > Request::kMaxBody) {
        request.body_state = Request::Body::too_large;
        return true;
    }
    if (size == 0) {
        return true;
    }
    if (chain->next == nullptr && ngx_buf_in_memory(chain->buf)) {
        request.body = {reinterpret_cast<const char*>(chain->buf->pos), size};
        return true;
    }
    auto* bytes = static_cast<u_char*>(memory.allocate(size, 1));
    u_char* end = bytes;
    for (const ngx_chain_t* link = chain; link != nullptr; link = link->next) {
        if (!copy_buffer(*link->buf, end)) {
            return false;
        }
        end += ngx_buf_size(link->buf);
    }
    request.body = {reinterpret_cast<const char*>(bytes), size};
    return true;
}

}  // namespace

void read_request_head(ngx_http_request_t* r, Memory& memory, Request& request) {
    const std::string_view target = view(r->unparsed_uri);
    const std::size_t question = target.find('?');
    request.path = target.substr(0, question);
    if (question != std::string_view::npos) {
        request.query = target.substr(question + 1);
    }
    request.method = view(r->method_name);
    request.remote_address = view(r->connection->addr_text);
    request.headers = read_headers(r, memory);
}

bool read_request(ngx_http_request_t* r, Memory& memory, Request& request) {
    read_request_head(r, memory, request);
    return read_body(r, memory, request);
}

std::size_t size_of(const ngx_chain_t* chain) noexcept {
    std::size_t size = 0;
    for (; chain != nullptr; chain = chain->next) {
        size += static_cast<std::size_t>(ngx_buf_size(chain->buf));
    }
    return size;
}

bool copy_buffer(const ngx_buf_t& buffer, u_char* out) noexcept {
    const auto size = static_cast<std::size_t>(ngx_buf_size(&buffer));
    if (size == 0) {
        return true;
    }
    if (ngx_buf_in_memory(&buffer)) {
        ngx_memcpy(out, buffer.pos, size);
        return true;
    }
    return ngx_read_file(buffer.file, out, size, buffer.file_pos) == static_cast<ssize_t>(size);
}

ngx_int_t send_response(ngx_http_request_t* r, const Response& response) noexcept {
    r->headers_out.status = static_cast<ngx_uint_t>(response.status);
    r->headers_out.content_length_n = static_cast<off_t>(response.body.size());
    set_content_type(r, response.content_type);
    // The API judges conditions: nginx would turn a 200 into a 412 or a 304.
    r->disable_not_modified = 1;
    if (!add_headers(r, response.common_headers) || !add_headers(r, response.headers())) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }
    const ngx_int_t rc = ngx_http_send_header(r);
    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }
    auto* buffer = static_cast<ngx_buf_t*>(ngx_calloc_buf(r->pool));
    if (buffer == nullptr) {
        return NGX_ERROR;
    }
    if (!response.body.empty()) {
        buffer->pos = str(response.body).data;
        buffer->last = buffer->pos + response.body.size();
        buffer->memory = 1;
    }
    buffer->last_buf = 1;
    buffer->last_in_chain = 1;
    ngx_chain_t out{buffer, nullptr};
    return ngx_http_output_filter(r, &out);
}

}  // namespace mfa_reset::nginx
