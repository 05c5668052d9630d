#include "nginx/request/client.hpp"

#include <array>

namespace mfa_reset::nginx {

bool client_has_left(const ngx_http_request_t& r) noexcept {
    const ngx_connection_t& connection = *r.connection;
    if (r.stream != nullptr || compat::is_quic(connection)) {
        return connection.error != 0 || connection.read->error != 0;
    }
    if (connection.read->pending_eof != 0) {  // epoll and kqueue say so, whatever is still unread
        return true;
    }
    std::array<u_char, 1> byte{};
    const ssize_t size = recv(connection.fd, byte.data(), byte.size(), MSG_PEEK);
    return size == 0 || (size == -1 && ngx_socket_errno != NGX_EAGAIN);
}

void note_client_left(ngx_http_request_t& r) noexcept {
    compat::send_no_tls_shutdown(*r.connection);
    r.read_event_handler = ngx_http_block_reading;
    ngx_http_block_reading(&r);
}

}  // namespace mfa_reset::nginx
