// What the directives say, per location, and what is made of it when the configuration is loaded.
#pragma once

#include <deque>
#include <string_view>

#include "mfa_reset/api.hpp"
#include "nginx/conf_am.hpp"
#include "nginx/conf_events.hpp"
#include "nginx/conf_foundry.hpp"
#include "nginx/conf_oaa.hpp"
#include "nginx/conf_place.hpp"
#include "nginx/conf_redis_tls.hpp"
#include "nginx/ngx.hpp"
#include "nginx/redis_server.hpp"

namespace mfa_reset::nginx {

/// Values of `mfa_reset`.
enum class ApiKind : ngx_uint_t { off, am, foundry, oaa };

/// Of LocConf::redis_wait, beside a number of replicas.
enum class RedisWait : ngx_int_t { off = 0 };

/// A named location that somebody refers to, to be looked for once all locations are known.
struct NamedLocation {
    const ngx_http_core_srv_conf_t* server;
    ngx_str_t name;
    ConfPlace place;
};

/// Of one http{}: the Redis servers and stores that its locations share.
struct MainConf {
    std::deque<RedisServer> servers;
    std::deque<StoreEntry> stores;
    std::deque<NamedLocation> fallbacks;
};

/// Plain, so that nginx's own directive setters may reach into it by offset. A field is unset
/// (NGX_CONF_UNSET…, or a null string) until a directive or the merge sets it.
struct LocConf {
    ngx_uint_t api;  // ApiKind
    ConfPlace api_place;
    ngx_str_t fallback;  // with its `@`; a null string: none
    ConfPlace fallback_place;

    ngx_str_t redis;
    ConfPlace redis_place;
    ngx_str_t redis_password_file;
    ConfPlace redis_password_file_place;
    ngx_str_t redis_sentinel_user;
    ngx_str_t redis_sentinel_password_file;
    ConfPlace redis_sentinel_password_file_place;
    ngx_int_t redis_connections;
    ngx_msec_t redis_connect_timeout;
    ngx_msec_t redis_timeout;
    ngx_int_t redis_max_pending;
    ngx_int_t redis_wait;  // how many replicas, or RedisWait
    ngx_msec_t redis_wait_timeout;
    RedisTlsConf redis_tls;

    ngx_str_t prefix;
    ngx_int_t events_length;
    EventsConf events;
    ngx_uint_t subject_case;
    ngx_msec_t timeout;

    AmConf am;
    FoundryConf foundry;
    OaaConf oaa;

    // Made by the merge, for a location that serves an API; owned by the configuration.
    const Api* handler;
    StoreEntry* store;
};

void* create_main_conf(ngx_conf_t* cf) noexcept;
void* create_loc_conf(ngx_conf_t* cf) noexcept;
char* merge_loc_conf(ngx_conf_t* cf, void* parent, void* child) noexcept;

/// After all is merged: looks for the locations that mfa_reset_fallback names.
ngx_int_t check_fallbacks(ngx_conf_t* cf) noexcept;

/// The configuration of the location that now serves `r`.
inline LocConf& loc_conf(ngx_http_request_t* r) noexcept {
    return *static_cast<LocConf*>(ngx_http_get_module_loc_conf(r, ngx_http_mfa_reset_module));
}

/// How names become keys: what `mfa_reset_subject_case` says, or the API's own way.
inline SubjectCase subject_case(const LocConf& conf, SubjectCase own) noexcept {
    return conf.subject_case == NGX_CONF_UNSET_UINT ? own
                                                    : static_cast<SubjectCase>(conf.subject_case);
}

/// The store that `conf` describes, shared with every location that describes the same.
/// nullptr: refused, and said so in the log.
StoreEntry* find_store(ngx_conf_t* cf, const LocConf& conf) noexcept;

}  // namespace mfa_reset::nginx
