// The functions of libssl are those that nginx itself uses: the module is not linked with a libssl
// of its own, because they share objects.
#include "nginx/redis/tls.hpp"

#if MFA_RESET_NGINX_TLS

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace mfa_reset::nginx {

namespace {

/// The most certificates in a chain. nginx's default for upstreams, 1, is too few for a company's
/// CA.
constexpr ngx_int_t kDepth = 10;
/// The size of the pool for nginx's part of a session.
constexpr std::size_t kPool = 512;

ngx_uint_t protocols(const TlsSettings& settings) noexcept {
    const auto has = [&](const char* name) {
        return settings.protocols.find(name) != std::string::npos;
    };
    return (has("TLSv1.2") ? NGX_SSL_TLSv1_2 : 0U) | (has("TLSv1.3") ? NGX_SSL_TLSv1_3 : 0U);
}

/// A copy that ends with a NUL: nginx replaces relative names.
bool copy(ngx_pool_t* pool, const std::string& text, ngx_str_t& copied) noexcept {
    copied.len = text.size();
    copied.data = static_cast<u_char*>(ngx_pnalloc(pool, text.size() + 1));
    if (copied.data == nullptr) {
        return false;
    }
    std::copy_n(text.c_str(), text.size() + 1, copied.data);
    return true;
}

bool take_certificate(ngx_conf_t* cf, const TlsSettings& settings, ngx_ssl_t* ssl) noexcept {
    if (settings.certificate.empty()) {
        return true;
    }
    ngx_str_t certificate;
    ngx_str_t key;
    return copy(cf->pool, settings.certificate, certificate) &&
           copy(cf->pool, settings.certificate_key, key) &&
           ngx_ssl_certificate(cf, ssl, &certificate, &key, nullptr) == NGX_OK;
}

bool take_authorities(ngx_conf_t* cf, const TlsSettings& settings, ngx_ssl_t* ssl) noexcept {
    if (!settings.verify) {
        return true;
    }
    ngx_str_t file;
    if (!copy(cf->pool, settings.trusted_certificate, file) ||
        ngx_ssl_trusted_certificate(cf, ssl, &file, kDepth) != NGX_OK) {
        return false;
    }
    // nginx's callback accepts everything, and the result is asked for afterwards. Without it
    // OpenSSL ends the handshake at the first error, and tells the server which.
    SSL_CTX_set_verify(ssl->ctx, SSL_VERIFY_PEER, nullptr);
    return true;
}

bool is_address(std::string_view text) noexcept {
    const ngx_str_t host = str(text);
    std::array<u_char, 16> v6{};
    return ngx_inet_addr(host.data, host.len) != INADDR_NONE ||
           ngx_inet6_addr(host.data, host.len, v6.data()) == NGX_OK;
}

bool has_certificate(SSL* ssl) noexcept {
    X509* certificate = SSL_get_peer_certificate(ssl);
    X509_free(certificate);
    return certificate != nullptr;
}

}  // namespace

bool has_tls() noexcept { return true; }

ngx_ssl_t* make_tls_context(ngx_conf_t* cf, const TlsSettings& settings) {
    auto* ssl = static_cast<ngx_ssl_t*>(ngx_pcalloc(cf->pool, sizeof(ngx_ssl_t)));
    if (ssl == nullptr) {
        return nullptr;
    }
    ssl->log = cf->log;
    if (ngx_ssl_create(ssl, protocols(settings), nullptr) != NGX_OK) {
        return nullptr;
    }
    ngx_pool_cleanup_t* cleanup = ngx_pool_cleanup_add(cf->pool, 0);
    if (cleanup == nullptr) {
        ngx_ssl_cleanup_ctx(ssl);
        return nullptr;
    }
    cleanup->handler = ngx_ssl_cleanup_ctx;
    cleanup->data = ssl;

    // Partial writes: the bytes reported as written must be all that the server can decrypt.
    // Otherwise a command that has run could count as never sent.
    SSL_CTX_set_mode(ssl->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // The server is verified once, in the first handshake.
    SSL_CTX_set_options(ssl->ctx, SSL_OP_NO_RENEGOTIATION);
    return take_certificate(cf, settings, ssl) && take_authorities(cf, settings, ssl) ? ssl
                                                                                      : nullptr;
}

TlsSession::TlsSession(ngx_ssl_t* context, const TlsSettings& settings, ngx_log_t* log) noexcept
    : context_(context), settings_(settings), log_(*log) {
    log_.log_level = NGX_LOG_INFO;
    log_.writer = keep;
    log_.wdata = this;
    log_.handler = nullptr;
    log_.connection = 0;
    log_.next = log;
}

void TlsSession::aim(std::string_view host) {
    host_ = settings_.name.empty() ? host : settings_.name;
    if (host_.ends_with('.')) {
        host_.pop_back();  // neither SNI (RFC 6066, 3) nor certificates have it
    }
}

ngx_int_t TlsSession::start(ngx_connection_t* socket, ngx_connection_handler_pt handler) noexcept {
    size_ = 0;
    socket->log = socket->read->log = socket->write->log = &log_;
    socket->pool = ngx_create_pool(kPool, &log_);
    if (socket->pool == nullptr ||
        ngx_ssl_create_connection(context_, socket, NGX_SSL_BUFFER | NGX_SSL_CLIENT) != NGX_OK ||
        !name_server(socket)) {
        ERR_clear_error();  // or nginx would find the error with another connection
        return NGX_ERROR;
    }
    const ngx_int_t rc = ngx_ssl_handshake(socket);
    if (rc == NGX_AGAIN) {
        socket->ssl->handler = handler;
    }
    return rc;
}

/// Sends the host as SNI, and tells OpenSSL which name the certificate must have.
bool TlsSession::name_server(ngx_connection_t* socket) noexcept {
    SSL* ssl = socket->ssl->connection;
    X509_VERIFY_PARAM* rules = SSL_get0_param(ssl);
    if (is_address(host_)) {
        return X509_VERIFY_PARAM_set1_ip_asc(rules, host_.c_str()) == 1;
    }
    return SSL_set_tlsext_host_name(ssl, host_.c_str()) == 1 &&
           X509_VERIFY_PARAM_set1_host(rules, host_.data(), host_.size()) == 1;
}

std::string_view TlsSession::refusal(const ngx_connection_t* socket) noexcept {
    if (socket->ssl == nullptr) {
        return failure("the TLS handshake failed");
    }
    SSL* ssl = socket->ssl->connection;
    const long result = settings_.verify ? SSL_get_verify_result(ssl) : X509_V_OK;
    if (result != X509_V_OK) {
        return refuse_certificate(result);
    }
    if (!socket->ssl->handshaked) {
        return failure("the TLS handshake failed");
    }
    // A cipher without certificates leaves nothing to verify.
    return settings_.verify && !has_certificate(ssl)
               ? say("its certificate was refused: ", "there is none")
               : std::string_view{};
}

std::string_view TlsSession::refuse_certificate(long result) noexcept {
    constexpr std::string_view kRefused = "its certificate was refused: ";
    if (result == X509_V_ERR_HOSTNAME_MISMATCH || result == X509_V_ERR_IP_ADDRESS_MISMATCH) {
        return say(kRefused, "it is not for ", host_);
    }
    return say(kRefused, X509_verify_cert_error_string(result));
}

std::string_view TlsSession::say(std::string_view what, std::string_view why,
                                 std::string_view whom) noexcept {
    size_ = 0;
    for (const std::string_view part : {what, why, whom}) {
        size_ += part.copy(text_.data() + size_, text_.size() - size_);
    }
    return {text_.data(), size_};
}

std::string_view TlsSession::failure(std::string_view otherwise) const noexcept {
    return size_ != 0 ? std::string_view{text_.data(), size_} : otherwise;
}

/// Keeps what nginx would log, without the time, the level and the process id.
void TlsSession::keep(ngx_log_t* log, ngx_uint_t /*level*/, u_char* text,
                      std::size_t size) noexcept {
    std::string_view line{reinterpret_cast<const char*>(text), size};
    line.remove_prefix(std::min(line.find('#'), line.size()));
    const auto colon = line.find(": ");
    line.remove_prefix(colon == std::string_view::npos ? 0 : colon + 2);
    line = line.substr(0, line.find('\n'));
    auto& session = *static_cast<TlsSession*>(log->wdata);
    session.size_ = line.copy(session.text_.data(), session.text_.size());
}

void TlsSession::end(ngx_connection_t* socket) noexcept {
    if (socket->ssl != nullptr) {
        socket->ssl->no_wait_shutdown = 1;
        if (ngx_ssl_shutdown(socket) == NGX_AGAIN) {  // it would block: close without it
            socket->ssl->no_send_shutdown = 1;
            (void)ngx_ssl_shutdown(socket);
        }
    }
    if (socket->pool != nullptr) {
        ngx_destroy_pool(socket->pool);
        socket->pool = nullptr;
    }
}

}  // namespace mfa_reset::nginx

#endif
