// TLS to Redis with nginx's own TLS: the context, made when the configuration is loaded, and the
// handshake on a connected socket. If nginx was built without TLS, tls_absent.cpp replaces tls.cpp.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// The mfa_reset_redis_ssl_* directives.
struct TlsSettings {
    std::string trusted_certificate;  ///< files, as written; empty: not given
    std::string certificate;
    std::string certificate_key;
    std::string name;       ///< the certificate must name it; empty: the host of the connection
    std::string protocols;  ///< separated by blanks, `TLSv1.2 TLSv1.3`
    bool verify = true;

    bool operator==(const TlsSettings&) const = default;
};

/// Whether this nginx has TLS at all.
bool has_tls() noexcept;

/// The context of all connections with these settings, in the configuration's pool. nullptr: a file
/// cannot be used, and nginx has logged why.
ngx_ssl_t* make_tls_context(ngx_conf_t* cf, const TlsSettings& settings);

/// TLS on the sockets of one link, one after the other.
class TlsSession {
public:
    /// What nginx would log about a failure is kept for failure(); `log` gets only what is more
    /// severe.
    TlsSession(ngx_ssl_t* context, const TlsSettings& settings, ngx_log_t* log) noexcept;
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;
    ~TlsSession() = default;

    /// The next socket goes to `host`, a name or an address.
    void aim(std::string_view host);

    /// Starts the handshake on a connected socket. NGX_AGAIN: `handler` is called at its end;
    /// otherwise it is over already. refusal() has its result.
    ngx_int_t start(ngx_connection_t* socket, ngx_connection_handler_pt handler) noexcept;

    /// After the handshake: empty if the socket may be used, else why not. Valid until the next
    /// start().
    std::string_view refusal(const ngx_connection_t* socket) noexcept;

    /// Why nginx's recv() or send() failed, in nginx's words; without such words `otherwise`.
    std::string_view failure(std::string_view otherwise) const noexcept;

    /// Call it before the socket is closed, in any state: sends the TLS shutdown if that does not
    /// block, and frees what start() made.
    static void end(ngx_connection_t* socket) noexcept;

private:
    static void keep(ngx_log_t* log, ngx_uint_t level, u_char* text, std::size_t size) noexcept;

    bool name_server(ngx_connection_t* socket) noexcept;
    std::string_view refuse_certificate(long result) noexcept;
    std::string_view say(std::string_view what, std::string_view why,
                         std::string_view whom = {}) noexcept;

    ngx_ssl_t* context_;
    const TlsSettings& settings_;
    std::string host_;
    ngx_log_t log_{};
    std::array<char, 512> text_{};
    std::size_t size_ = 0;
};

}  // namespace mfa_reset::nginx
