// The shared directives of a location, and what is made of them when the configuration is loaded.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "mfa_reset/api.hpp"
#include "nginx/api_module.hpp"
#include "nginx/conf/directive.hpp"
#include "nginx/conf/subrequest_target.hpp"
#include "nginx/conf/warnings.hpp"
#include "nginx/ngx.hpp"
#include "nginx/redis/server.hpp"
#include "nginx/redis/tls.hpp"
#include "redis/connection/settings.hpp"

namespace mfa_reset::nginx {

/// A named location that mfa_reset_fallback names; checked when all locations are known.
struct NamedLocation {
    const ngx_http_core_srv_conf_t* server;
    ngx_str_t name;
    ConfPlace place;
};

/// Of one http{}: the Redis servers and records that its locations share.
struct MainConf {
    std::deque<RedisServer> servers;
    std::vector<ConfPlace> connections_places;  ///< of each server: what says how many it has
    std::deque<RecordsEntry> records;
    std::deque<NamedLocation> fallbacks;
    std::deque<SubrequestTarget> subrequests;
    Warnings warnings;
};

/// mfa_reset_events_stream.
struct EventsStream {
    std::string name;  ///< without the prefix; empty: no such stream
    std::size_t length = 0;
};

/// The fields of the directives in directives.cpp, which has their defaults.
struct LocConf {
    const ApiModule* api = nullptr;  ///< nullptr: off
    ngx_str_t fallback{};            ///< with its `@`; a null string: not given

    std::string redis_url;
    std::string redis_password_file;
    std::string redis_sentinel_user;
    std::string redis_sentinel_password_file;
    redis::Settings redis;  ///< without the four above
    TlsSettings redis_tls;

    std::string prefix;
    std::size_t events_length = 0;
    EventsStream events_stream;
    std::optional<SubjectCase> subject_case;  ///< nullopt: each API's own
    ngx_msec_t timeout = 0;

    // Made by the merge, for a location that serves an API; owned by the configuration.
    const Api* handler = nullptr;
    RecordsEntry* records = nullptr;
};

void* create_main_conf(ngx_conf_t* cf) noexcept;
/// A location that serves an API gets `handler`.
char* merge_loc_conf(ngx_conf_t* cf, void* parent, void* child,
                     ngx_http_handler_pt handler) noexcept;

/// Checks that the locations of mfa_reset_fallback exist. Call it after the merge.
ngx_int_t check_fallbacks(ngx_conf_t* cf) noexcept;

/// After all is merged: warns of directives that cannot do what they say. `handler` is that of
/// locations that serve an API.
ngx_int_t print_warnings(ngx_conf_t* cf, ngx_http_handler_pt handler) noexcept;

/// After the whole configuration is read: warns if a worker's connections are too few for those to
/// Redis and one client.
void check_worker_connections(const ngx_cycle_t& cycle, const MainConf& conf) noexcept;

/// The configuration of the location that now serves `r`.
inline LocConf& loc_conf(ngx_http_request_t* r) noexcept {
    return *static_cast<Level<LocConf>*>(
        ngx_http_get_module_loc_conf(r, ngx_http_mfa_reset_module));
}

/// The records of the location, or those on the Redis that `directive` names. Locations with the
/// same settings share them. nullptr: refused and logged.
RecordsEntry* find_records(ngx_conf_t* cf, const Level<LocConf>& conf, MainConf& main);
RecordsEntry* find_records(ngx_conf_t* cf, const Level<LocConf>& conf, MainConf& main,
                           const RedisDirective& directive);

}  // namespace mfa_reset::nginx
