// Makes the records of a location from its mfa_reset_redis* directives, and checks what depends on
// several of them.
#include <algorithm>
#include <string>
#include <variant>

#include "nginx/conf/conf.hpp"
#include "nginx/conf/conf_redis_tls.hpp"
#include "nginx/conf/password_file.hpp"

namespace mfa_reset::nginx {

namespace {

/// mfa_reset_redis.
RedisDirective record_redis(const Level<LocConf>& conf) noexcept {
    return {"mfa_reset_redis",
            conf.redis_url,
            conf.place("mfa_reset_redis"),
            conf.redis_password_file,
            conf.place("mfa_reset_redis_password_file"),
            true};
}

/// Whether a resolver is asked for the host: not for `localhost`, which is this machine whatever
/// DNS says (RFC 6761, section 6.3), nor for a text with a colon, which can only be an IPv6
/// address.
bool is_dns_name(const redis::Address& address) noexcept {
    return !SocketAddress{}.parse(address) && address.host != "localhost" &&
           address.host.find(':') == std::string::npos;
}

/// No resolver, if the location has no `resolver`, or one server is given by its address. Sentinels
/// and clusters may announce names while nginx runs.
Resolving make_resolving(ngx_conf_t* cf, const Level<LocConf>& conf,
                         const redis::Url& url) noexcept {
    const auto& core = *static_cast<ngx_http_core_loc_conf_t*>(
        ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module));
    if (core.resolver->connections.nelts == 0 ||
        (url.kind == redis::Url::Kind::server && !is_dns_name(url.addresses.front()))) {
        return {};
    }
    const auto connect_timeout = static_cast<ngx_msec_t>(conf.redis.connect_timeout.count());
    // A lookup ends before the time to connect does, so that the log has the right reason.
    return {core.resolver, std::min(core.resolver_timeout, connect_timeout * 9 / 10)};
}

/// Completes `links`. False: refused and logged.
bool make_links(ngx_conf_t* cf, const RedisDirective& directive, const redis::Url& url,
                LinkOptions& links) {
    for (const redis::Address& address : url.addresses) {
        if (SocketAddress{}.parse(address) ||
            (links.resolving.resolver != nullptr && is_dns_name(address))) {
            continue;
        }
        if (const char* wrong = links.addresses.add(cf, address); wrong != nullptr) {
            refuse(cf, directive.place,
                   std::string{directive.name} + ": " + wrong + " for \"" + address.text() +
                       "\": write a host that exists");
            return false;
        }
    }
    if (links.tls) {
        links.tls_context = make_tls(cf, *links.tls, directive.place);
    }
    return !links.tls || links.tls_context != nullptr;
}

/// Completes the credentials from the URL. False: refused and logged.
bool complete_credentials(ngx_conf_t* cf, const RedisDirective& directive,
                          redis::Credentials& credentials) {
    const std::string name{directive.name};
    if (!directive.password_file.empty()) {
        if (!credentials.password.empty()) {
            refuse(cf, directive.place,
                   "both " + name + " and " + name +
                       "_password_file give a password: leave one of them out");
            return false;
        }
        if (!read_password(
                cf,
                {name + "_password_file", directive.password_file, directive.password_file_place},
                credentials.password)) {
            return false;
        }
    }
    if (credentials.password.empty() && !credentials.user.empty()) {
        refuse(cf, directive.place,
               name + " names a user without a password: write redis://user:password@host or add " +
                   name + "_password_file");
        return false;
    }
    return true;
}

/// The sentinels' own credentials. False: refused and logged.
bool read_sentinel_credentials(ngx_conf_t* cf, const Level<LocConf>& conf,
                               redis::Credentials& credentials) {
    credentials.user = conf.redis_sentinel_user;
    if (!conf.redis_sentinel_password_file.empty()) {
        return read_password(
            cf,
            {"mfa_reset_redis_sentinel_password_file", conf.redis_sentinel_password_file,
             conf.place("mfa_reset_redis_sentinel_password_file")},
            credentials.password);
    }
    if (!credentials.user.empty()) {
        refuse(cf, conf.place("mfa_reset_redis"),
               "mfa_reset_redis_sentinel_user names a user without a password: add "
               "mfa_reset_redis_sentinel_password_file");
        return false;
    }
    return true;
}

/// False: refused and logged.
bool make_settings(ngx_conf_t* cf, const Level<LocConf>& conf, const RedisDirective& directive,
                   redis::Settings& settings) {
    settings = conf.redis;
    // The directive checked the URL already.
    auto parsed = redis::parse_url(directive.url);
    settings.url = std::get<redis::Url>(std::move(parsed));
    settings.keeps_records = directive.keeps_records;
    if (!settings.keeps_records) {
        settings.wait = {};
    }
    return complete_credentials(cf, directive, settings.url.credentials) &&
           (settings.url.kind != redis::Url::Kind::sentinel ||
            read_sentinel_credentials(cf, conf, settings.sentinel));
}

void judge_sentinel_credentials(const Level<LocConf>& conf, const redis::Url& url,
                                Warnings& warnings) {
    for (const std::string_view name :
         {"mfa_reset_redis_sentinel_user", "mfa_reset_redis_sentinel_password_file"}) {
        if (conf.is_given(name)) {
            warnings.judge(url.kind == redis::Url::Kind::sentinel, conf.place(name),
                           "\"" + std::string{name} +
                               "\" is not used: no Redis here is at redis+sentinel:// or "
                               "rediss+sentinel://");
        }
    }
}

/// nullptr: refused and logged.
RedisServer* find_redis(ngx_conf_t* cf, const Level<LocConf>& conf, MainConf& main,
                        const RedisDirective& directive) {
    redis::Settings settings;
    LinkOptions links;
    if (!make_settings(cf, conf, directive, settings) ||
        !read_tls(cf, conf, settings.url, directive.place, links.tls)) {
        return nullptr;
    }
    judge_tls(conf, settings.url, main.warnings);
    judge_sentinel_credentials(conf, settings.url, main.warnings);
    links.resolving = make_resolving(cf, conf, settings.url);
    links.keepalive = {settings.heartbeat, settings.timeout};
    const auto found = std::ranges::find_if(main.servers, [&](const RedisServer& server) {
        return server.settings() == settings && server.links().resolving == links.resolving &&
               server.links().tls == links.tls;
    });
    if (found != main.servers.end()) {
        return &*found;
    }
    if (!make_links(cf, directive, settings.url, links)) {
        return nullptr;
    }
    main.connections_places.push_back(conf.is_given("mfa_reset_redis_connections")
                                          ? conf.place("mfa_reset_redis_connections")
                                          : directive.place);
    return &main.servers.emplace_back(std::move(settings), std::move(links));
}

/// In a cluster the script that resets a user cannot write a key of another slot. False: refused
/// and logged.
bool may_have_stream(ngx_conf_t* cf, const Level<LocConf>& conf, const redis::Url& url) noexcept {
    if (conf.events_stream.name.empty() || url.kind != redis::Url::Kind::cluster) {
        return true;
    }
    refuse(cf, conf.place("mfa_reset_events_stream"),
           "\"mfa_reset_events_stream\" is not for a Redis Cluster, which keeps each user's events "
           "with the user: write \"mfa_reset_events_stream off;\" and read the users' own streams, "
           "PREFIX{/realm/user}:events");
    return false;
}

records::Settings record_settings(const LocConf& conf) {
    records::Settings settings;
    settings.prefix = conf.prefix;
    settings.events_length = conf.events_length;
    if (!conf.events_stream.name.empty()) {
        settings.events_stream = conf.prefix + conf.events_stream.name;
        settings.events_stream_length = conf.events_stream.length;
    }
    return settings;
}

/// What one worker has to this Redis at least: of a cluster, the masters are not known yet.
std::size_t connections_to(const redis::Settings& settings) noexcept {
    const bool has_sentinels = settings.url.kind == redis::Url::Kind::sentinel;
    return settings.connections + (has_sentinels ? settings.url.addresses.size() : 0);
}

}  // namespace

void check_worker_connections(const ngx_cycle_t& cycle, const MainConf& conf) noexcept {
    // A worker also has a connection for each listening socket, one to the master, and one client.
    std::size_t needed = cycle.listening.nelts + 2;
    for (std::size_t i = 0; i < conf.servers.size(); ++i) {
        needed += connections_to(conf.servers[i].settings());
        if (needed > cycle.connection_n) {
            // Its level is not that of the error_log in the configuration, which may hide warnings.
            warn(cycle.old_cycle->log, conf.connections_places[i],
                 "worker_connections are too few for the connections to Redis and one client: "
                 "raise them in events{}, or lower mfa_reset_redis_connections");
            return;
        }
    }
}

RecordsEntry* find_records(ngx_conf_t* cf, const Level<LocConf>& conf, MainConf& main,
                           const RedisDirective& directive) {
    RedisServer* const server = find_redis(cf, conf, main, directive);
    if (server == nullptr) {
        return nullptr;
    }
    const records::Settings settings = record_settings(conf);
    const auto found = std::ranges::find_if(main.records, [&](const RecordsEntry& entry) {
        return &entry.server() == server && entry.settings() == settings;
    });
    return found != main.records.end() ? &*found : &main.records.emplace_back(*server, settings);
}

RecordsEntry* find_records(ngx_conf_t* cf, const Level<LocConf>& conf, MainConf& main) {
    if (conf.redis_url.empty()) {
        refuse(cf, conf.place("mfa_reset"),
               "\"mfa_reset\" needs a Redis: add \"mfa_reset_redis URL;\" to this location, its "
               "server or http");
        return nullptr;
    }
    RecordsEntry* const found = find_records(cf, conf, main, record_redis(conf));
    const bool good = found != nullptr && may_have_stream(cf, conf, found->server().settings().url);
    return good ? found : nullptr;
}

}  // namespace mfa_reset::nginx
