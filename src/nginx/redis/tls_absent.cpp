// For an nginx that was built without TLS: the configuration refuses rediss://, so only has_tls()
// is ever called.
#include "nginx/redis/tls.hpp"

#if !MFA_RESET_NGINX_TLS

namespace mfa_reset::nginx {

bool has_tls() noexcept { return false; }

ngx_ssl_t* make_tls_context(ngx_conf_t* /*cf*/, const TlsSettings& /*settings*/) { return nullptr; }

TlsSession::TlsSession(ngx_ssl_t* context, const TlsSettings& settings, ngx_log_t* log) noexcept
    : context_(context), settings_(settings), log_(*log) {}

void TlsSession::aim(std::string_view host) { host_ = host; }

ngx_int_t TlsSession::start(ngx_connection_t* /*socket*/,
                            ngx_connection_handler_pt /*handler*/) noexcept {
    return NGX_ERROR;
}

std::string_view TlsSession::refusal(const ngx_connection_t* /*socket*/) noexcept {
    return "the TLS handshake failed";
}

std::string_view TlsSession::failure(std::string_view otherwise) const noexcept {
    return otherwise;
}

void TlsSession::end(ngx_connection_t* /*socket*/) noexcept {}

}  // namespace mfa_reset::nginx

#endif
