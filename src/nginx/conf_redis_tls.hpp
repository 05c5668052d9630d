// The mfa_reset_redis_ssl_* directives of a location.
#pragma once

#include <optional>

#include "nginx/conf_place.hpp"
#include "nginx/ngx.hpp"
#include "nginx/redis_tls.hpp"
#include "redis/url.hpp"

namespace mfa_reset::nginx {

/// Part of LocConf, and plain as that is.
struct RedisTlsConf {
    ngx_str_t trusted_certificate;
    ngx_str_t certificate;
    ConfPlace certificate_place;
    ngx_str_t certificate_key;
    ConfPlace certificate_key_place;
    ngx_str_t name;
    ngx_array_t* protocols;  // of ngx_str_t; nullptr: TlsSettings' own
    ngx_flag_t verify;
};

/// Sets what zeros do not say.
void init(RedisTlsConf& conf) noexcept;
void merge(RedisTlsConf& conf, const RedisTlsConf& parent) noexcept;

/// How to talk TLS to the Redis at `url`, which the directive at `place` names; nothing where it
/// speaks none: then the directives are not used. False: refused. Throws std::bad_alloc.
bool read_tls(ngx_conf_t* cf, const RedisTlsConf& conf, const redis::Url& url,
              const ConfPlace& place, std::optional<TlsSettings>& settings);

/// As make_tls_context(); says with the place which directive it is about.
ngx_ssl_t* make_tls(ngx_conf_t* cf, const TlsSettings& settings, const ConfPlace& place);

/// As set_text, and notes the place.
char* set_tls_certificate(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept;
char* set_tls_certificate_key(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept;

/// For TextCheck.
const char* refuse_tls_name(const ngx_str_t& text) noexcept;
const char* refuse_tls_protocol(const ngx_str_t& text) noexcept;

}  // namespace mfa_reset::nginx
