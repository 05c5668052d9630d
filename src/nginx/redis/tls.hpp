// TLS to Redis by nginx's own: its context, made when the configuration is loaded, and the
// handshake on a connected socket. Where nginx was built without TLS, redis_tls_absent.cpp stands
// in the place of redis_tls.cpp.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// What the mfa_reset_redis_ssl_* directives say.
struct TlsSettings {
    std::string trusted_certificate;  ///< files, as they were written; empty: none
    std::string certificate;
    std::string certificate_key;
    std::string name;  ///< whom the certificate must name; empty: the host that is connected to
    std::string protocols;  ///< separated by blanks, `TLSv1.2 TLSv1.3`
    bool verify = true;

    bool operator==(const TlsSettings&) const = default;
};

/// Whether this nginx has TLS at all.
bool has_tls() noexcept;

/// The context of all connections with these settings; it belongs to the configuration's pool.
/// nullptr: a file cannot be used, and nginx said why in the log. Throws std::bad_alloc.
ngx_ssl_t* make_tls_context(ngx_conf_t* cf, const TlsSettings& settings);

/// TLS on the sockets of one link, one after the other.
class TlsSession {
public:
    /// All outlive the session. nginx's words about a failure are kept for failure(), for the
    /// client's one line; `log` gets what is worse than that.
    TlsSession(ngx_ssl_t* context, const TlsSettings& settings, ngx_log_t* log) noexcept;
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;
    ~TlsSession() = default;

    /// The next socket goes to `host`, a name or an address. Throws std::bad_alloc.
    void aim(std::string_view host);

    /// Begins on a connected socket. NGX_AGAIN: `handler` is called when it is done, by whatever
    /// outcome; otherwise it is done now. What came of it is refusal().
    ngx_int_t start(ngx_connection_t* socket, ngx_connection_handler_pt handler) noexcept;

    /// Once start() is done: empty where the socket may be used, and why not otherwise. Good until
    /// the next start().
    std::string_view refusal(const ngx_connection_t* socket) noexcept;

    /// Why nginx's recv() or send() failed, in its words; `otherwise` where it had none.
    std::string_view failure(std::string_view otherwise) const noexcept;

    /// Before the socket is closed, in whatever state: says goodbye where that is possible at once,
    /// and takes down what start() made.
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
