// From the mfa_reset_redis* directives of a location to its store: what they say is checked
// together here, where all of them are known.
#include <algorithm>
#include <string>
#include <variant>

#include "nginx/conf.hpp"
#include "nginx/password_file.hpp"

namespace mfa_reset::nginx {

namespace {

/// A directive that names a Redis, and the one that names the file with its password:
/// mfa_reset_redis or another one. How connections are made, and how long all may take, the
/// location says for both.
struct RedisNames {
    std::string_view directive;
    ngx_str_t url;
    ConfPlace place;
    PasswordFile password_file;
    bool keeps_records;
};

RedisNames record_redis(const LocConf& conf) noexcept {
    return {
        "mfa_reset_redis",
        conf.redis,
        conf.redis_place,
        {"mfa_reset_redis_password_file", conf.redis_password_file, conf.redis_password_file_place},
        true};
}

RedisNames session_redis(const FoundryConf& conf) noexcept {
    return {"mfa_reset_foundry_session_redis",
            conf.session_redis,
            conf.session_redis_place,
            {"mfa_reset_foundry_session_redis_password_file", conf.session_redis_password_file,
             conf.session_redis_password_file_place},
            false};
}

/// A name that a resolver is asked for: `localhost` is this machine, whatever DNS says (RFC 6761,
/// section 6.3), and what has a colon is an IPv6 address, good or bad.
bool is_dns_name(const redis::Address& address) noexcept {
    return !SocketAddress{}.parse(address) && address.host != "localhost" &&
           address.host.find(':') == std::string::npos;
}

/// Whom the connections ask for names: nobody where the location has no `resolver`, or where there
/// will never be a name to ask for. Sentinels and clusters may tell one while nginx runs.
Resolving make_resolving(ngx_conf_t* cf, const LocConf& conf, const redis::Url& url) noexcept {
    const auto& core = *static_cast<ngx_http_core_loc_conf_t*>(
        ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module));
    if (core.resolver->connections.nelts == 0 ||
        (url.kind == redis::Url::Kind::server && !is_dns_name(url.addresses.front()))) {
        return {};
    }
    // A lookup ends before the limit of connecting does, so that the log says what took so long.
    return {core.resolver, std::min(core.resolver_timeout, conf.redis_connect_timeout * 9 / 10)};
}

/// How connections are made. False: refused.
bool make_links(ngx_conf_t* cf, const RedisNames& names, const redis::Url& url,
                LinkOptions& links) {
    for (const redis::Address& address : url.addresses) {
        if (SocketAddress{}.parse(address) ||
            (links.resolving.resolver != nullptr && is_dns_name(address))) {
            continue;
        }
        if (const char* wrong = links.addresses.add(cf, address); wrong != nullptr) {
            refuse(cf, names.place,
                   std::string{names.directive} + ": " + wrong + " for \"" + address.text() +
                       "\": write a host that exists");
            return false;
        }
    }
    if (links.tls) {
        links.tls_context = make_tls(cf, *links.tls, names.place);
    }
    return !links.tls || links.tls_context != nullptr;
}

/// The user and the password. False: refused.
bool complete_credentials(ngx_conf_t* cf, const RedisNames& names,
                          redis::Credentials& credentials) {
    const std::string directive{names.directive};
    if (names.password_file.name.len != 0) {
        if (!credentials.password.empty()) {
            refuse(cf, names.place,
                   "both " + directive + " and " + directive +
                       "_password_file give a password: leave one of them out");
            return false;
        }
        if (!read_password(cf, names.password_file, credentials.password)) {
            return false;
        }
    }
    if (credentials.password.empty() && !credentials.user.empty()) {
        refuse(cf, names.place,
               directive +
                   " names a user without a password: write redis://user:password@host or add " +
                   directive + "_password_file");
        return false;
    }
    return true;
}

/// The sentinels' own. False: refused.
bool read_sentinel_credentials(ngx_conf_t* cf, const LocConf& conf,
                               redis::Credentials& credentials) {
    credentials.user = view(conf.redis_sentinel_user);
    if (conf.redis_sentinel_password_file.len != 0) {
        return read_password(
            cf,
            {"mfa_reset_redis_sentinel_password_file", conf.redis_sentinel_password_file,
             conf.redis_sentinel_password_file_place},
            credentials.password);
    }
    if (!credentials.user.empty()) {
        refuse(cf, conf.redis_place,
               "mfa_reset_redis_sentinel_user names a user without a password: add "
               "mfa_reset_redis_sentinel_password_file");
        return false;
    }
    return true;
}

bool make_settings(ngx_conf_t* cf, const LocConf& conf, const RedisNames& names,
                   redis::Settings& settings) {
    // The directive checked the URL already.
    auto parsed = redis::parse_url(view(names.url));
    settings.url = std::get<redis::Url>(std::move(parsed));
    settings.connections = static_cast<std::size_t>(conf.redis_connections);
    settings.connect_timeout = redis::Milliseconds{conf.redis_connect_timeout};
    settings.timeout = redis::Milliseconds{conf.redis_timeout};
    if (names.keeps_records) {
        settings.wait = {static_cast<unsigned>(conf.redis_wait),
                         redis::Milliseconds{conf.redis_wait_timeout}};
    }
    settings.max_pending = static_cast<std::size_t>(conf.redis_max_pending);
    settings.keeps_records = names.keeps_records;
    return complete_credentials(cf, names, settings.url.credentials) &&
           (settings.url.kind != redis::Url::Kind::sentinel ||
            read_sentinel_credentials(cf, conf, settings.sentinel));
}

RedisServer* find_server(ngx_conf_t* cf, const LocConf& conf, const RedisNames& names,
                         MainConf& main) {
    redis::Settings settings;
    LinkOptions links;
    if (!make_settings(cf, conf, names, settings) ||
        !read_tls(cf, conf.redis_tls, settings.url, names.place, links.tls)) {
        return nullptr;
    }
    links.resolving = make_resolving(cf, conf, settings.url);
    const auto found = std::ranges::find_if(main.servers, [&](const RedisServer& server) {
        return server.settings() == settings && server.links().resolving == links.resolving &&
               server.links().tls == links.tls;
    });
    if (found != main.servers.end()) {
        return &*found;
    }
    if (!make_links(cf, names, settings.url, links)) {
        return nullptr;
    }
    return &main.servers.emplace_back(std::move(settings), std::move(links));
}

/// The script that resets a user cannot write a key of another slot. False: refused.
bool may_have_stream(ngx_conf_t* cf, const EventsConf& events, const redis::Url& url) noexcept {
    if (!has_stream(events) || url.kind != redis::Url::Kind::cluster) {
        return true;
    }
    refuse(cf, events.stream_place,
           "\"mfa_reset_events_stream\" is not for a Redis Cluster, which keeps each user's events "
           "with the user: write \"mfa_reset_events_stream off;\" and read the users' own streams, "
           "PREFIX{/realm/user}:events");
    return false;
}

/// What the store is told, whichever Redis it is on.
store::StoreSettings store_settings(const LocConf& conf) {
    store::StoreSettings settings;
    settings.prefix = view(conf.prefix);
    settings.events_length = static_cast<std::size_t>(conf.events_length);
    if (has_stream(conf.events)) {
        settings.events_stream = settings.prefix + std::string{view(conf.events.stream)};
        settings.events_stream_length = static_cast<std::size_t>(conf.events.stream_length);
    }
    return settings;
}

/// Where ServiceStack's sessions are: with the records, unless Foundry says otherwise.
RedisServer* find_sessions(ngx_conf_t* cf, const LocConf& conf, MainConf& main,
                           RedisServer* records) {
    const bool elsewhere = static_cast<ApiKind>(conf.api) == ApiKind::foundry &&
                           conf.foundry.session_redis.data != nullptr;
    return elsewhere ? find_server(cf, conf, session_redis(conf.foundry), main) : records;
}

}  // namespace

StoreEntry* find_store(ngx_conf_t* cf, const LocConf& conf) noexcept {
    return guarded<StoreEntry*>(nullptr, [&]() -> StoreEntry* {
        if (conf.redis.data == nullptr) {
            refuse(
                cf, conf.api_place,
                "\"mfa_reset\" needs a Redis: add \"mfa_reset_redis URL;\" to this location, its "
                "server or http");
            return nullptr;
        }
        auto& main = *static_cast<MainConf*>(
            ngx_http_conf_get_module_main_conf(cf, ngx_http_mfa_reset_module));
        RedisServer* server = find_server(cf, conf, record_redis(conf), main);
        RedisServer* sessions = server != nullptr ? find_sessions(cf, conf, main, server) : nullptr;
        if (sessions == nullptr || !may_have_stream(cf, conf.events, server->settings().url)) {
            return nullptr;
        }
        const store::StoreSettings settings = store_settings(conf);
        const auto found = std::ranges::find_if(main.stores, [&](const StoreEntry& entry) {
            return &entry.server() == server && &entry.sessions() == sessions &&
                   entry.settings() == settings;
        });
        return found != main.stores.end() ? &*found
                                          : &main.stores.emplace_back(*server, *sessions, settings);
    });
}

}  // namespace mfa_reset::nginx
