// Checks the mfa_reset_redis_ssl_* directives of a location.
#pragma once

#include <optional>

#include "nginx/conf/conf.hpp"
#include "nginx/conf/conf_place.hpp"
#include "nginx/ngx.hpp"
#include "nginx/redis/tls.hpp"
#include "redis/protocol/url.hpp"

namespace mfa_reset::nginx {

/// Sets `settings` if `url`, from the directive at `place`, says TLS; otherwise the TLS directives
/// are not used. False: refused and logged.
bool read_tls(ngx_conf_t* cf, const Level<LocConf>& conf, const redis::Url& url,
              const ConfPlace& place, std::optional<TlsSettings>& settings);

/// Judges the directives of TLS by the URL of one Redis.
void judge_tls(const Level<LocConf>& conf, const redis::Url& url, Warnings& warnings);

/// Calls make_tls_context(); a refusal names the place of the directive.
ngx_ssl_t* make_tls(ngx_conf_t* cf, const TlsSettings& settings, const ConfPlace& place);

}  // namespace mfa_reset::nginx
