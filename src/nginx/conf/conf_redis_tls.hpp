// How the mfa_reset_redis_ssl_* directives of a location become TLS to its Redis.
#pragma once

#include <optional>

#include "nginx/conf/conf.hpp"
#include "nginx/conf/conf_place.hpp"
#include "nginx/ngx.hpp"
#include "nginx/redis/tls.hpp"
#include "redis/protocol/url.hpp"

namespace mfa_reset::nginx {

/// How to talk TLS to the Redis at `url`, which the directive at `place` names; nothing where it
/// speaks none: then the directives are not used. False: refused. Throws std::bad_alloc.
bool read_tls(ngx_conf_t* cf, const Level<LocConf>& conf, const redis::Url& url,
              const ConfPlace& place, std::optional<TlsSettings>& settings);

/// Judges the directives of TLS by the URL of one Redis. Throws std::bad_alloc.
void judge_tls(const Level<LocConf>& conf, const redis::Url& url, Warnings& warnings);

/// As make_tls_context(); says with the place which directive it is about.
ngx_ssl_t* make_tls(ngx_conf_t* cf, const TlsSettings& settings, const ConfPlace& place);

}  // namespace mfa_reset::nginx
