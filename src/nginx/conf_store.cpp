// From the mfa_reset_redis* directives of a location to its store: what they say is checked
// together here, where all of them are known.
#include <algorithm>
#include <array>
#include <string>
#include <variant>

#include "nginx/conf.hpp"

namespace mfa_reset::nginx {

namespace {

/// The first line of a file. False: refused. A password file is small; longer ones are none.
bool read_password(ngx_conf_t* cf, const LocConf& conf, std::string& password) {
    ngx_str_t name = conf.redis_password_file;
    if (ngx_conf_full_name(cf->cycle, &name, 1) != NGX_OK) {
        return false;
    }
    const ngx_fd_t fd = ngx_open_file(name.data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);
    std::array<char, 4096> bytes{};
    const ssize_t size = fd == NGX_INVALID_FILE ? -1 : ngx_read_fd(fd, bytes.data(), bytes.size());
    const ngx_err_t error = ngx_errno;
    if (fd != NGX_INVALID_FILE) {
        ngx_close_file(fd);
    }
    ngx_str_t file = conf.redis_password_file_place.file;
    if (size < 0) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, error,
                      "mfa_reset: cannot read mfa_reset_redis_password_file \"%V\" in %V:%ui",
                      &name, &file, conf.redis_password_file_place.line);
        return false;
    }
    password.assign(bytes.data(), static_cast<std::size_t>(size));
    password.erase(std::min(password.find_first_of("\r\n"), password.size()));
    if (password.empty() || static_cast<std::size_t>(size) == bytes.size()) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "mfa_reset: mfa_reset_redis_password_file \"%V\" holds no password: write it "
                      "into the first line in %V:%ui",
                      &name, &file, conf.redis_password_file_place.line);
        return false;
    }
    return true;
}

/// The addresses behind an endpoint. False: refused.
bool resolve(ngx_conf_t* cf, const LocConf& conf, const redis::Endpoint& endpoint,
             RedisAddresses& addresses) {
    std::string text = "unix:" + endpoint.unix_path;
    if (endpoint.unix_path.empty()) {
        const bool is_v6 = endpoint.host.find(':') != std::string::npos;
        text = (is_v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" +
               std::to_string(endpoint.port);
    }
    ngx_url_t url{};
    url.url.len = text.size();
    url.url.data = static_cast<u_char*>(ngx_pnalloc(cf->pool, text.size() + 1));
    if (url.url.data == nullptr) {
        return false;
    }
    std::copy_n(text.c_str(), text.size() + 1, url.url.data);
    if (ngx_parse_url(cf->pool, &url) != NGX_OK || url.naddrs == 0) {
        refuse(cf, conf.redis_place,
               std::string{"mfa_reset_redis: "} +
                   (url.err != nullptr ? url.err : "no address found") + " for \"" + text +
                   "\": write a host that exists");
        return false;
    }
    addresses = {url.addrs, url.naddrs};
    return true;
}

/// What the log calls this Redis: its URL without user and password.
std::string public_name(const redis::Endpoint& endpoint) {
    const std::string database =
        endpoint.database != 0 ? "/" + std::to_string(endpoint.database) : std::string{};
    if (!endpoint.unix_path.empty()) {
        return "unix:" + endpoint.unix_path + (database.empty() ? "" : ":" + database);
    }
    return "redis://" + endpoint.host + ":" + std::to_string(endpoint.port) + database;
}

bool make_settings(ngx_conf_t* cf, const LocConf& conf, redis::Settings& settings) {
    // The directive checked the URL already.
    auto parsed = redis::parse_url(view(conf.redis));
    settings.endpoint = std::get<redis::Endpoint>(std::move(parsed));
    if (conf.redis_password_file.len != 0) {
        if (!settings.endpoint.password.empty()) {
            refuse(cf, conf.redis_place,
                   "both mfa_reset_redis and mfa_reset_redis_password_file give a password: "
                   "leave one of them out");
            return false;
        }
        if (!read_password(cf, conf, settings.endpoint.password)) {
            return false;
        }
    }
    if (settings.endpoint.password.empty() && !settings.endpoint.user.empty()) {
        refuse(cf, conf.redis_place,
               "mfa_reset_redis names a user without a password: write redis://user:password@host "
               "or add mfa_reset_redis_password_file");
        return false;
    }
    settings.connections = static_cast<std::size_t>(conf.redis_connections);
    settings.connect_timeout = redis::Milliseconds{conf.redis_connect_timeout};
    settings.timeout = redis::Milliseconds{conf.redis_timeout};
    settings.max_pending = static_cast<std::size_t>(conf.redis_max_pending);
    return true;
}

RedisServer* find_server(ngx_conf_t* cf, const LocConf& conf, MainConf& main) {
    redis::Settings settings;
    if (!make_settings(cf, conf, settings)) {
        return nullptr;
    }
    const auto found = std::ranges::find(main.servers, settings, &RedisServer::settings);
    if (found != main.servers.end()) {
        return &*found;
    }
    RedisAddresses addresses;
    if (!resolve(cf, conf, settings.endpoint, addresses)) {
        return nullptr;
    }
    std::string name = public_name(settings.endpoint);
    return &main.servers.emplace_back(std::move(settings), addresses, std::move(name));
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
        RedisServer* server = find_server(cf, conf, main);
        if (server == nullptr) {
            return nullptr;
        }
        const store::StoreSettings settings{std::string{view(conf.prefix)},
                                            static_cast<std::size_t>(conf.events_length)};
        const auto found = std::ranges::find_if(main.stores, [&](const StoreEntry& entry) {
            return &entry.server() == server && entry.settings() == settings;
        });
        return found != main.stores.end() ? &*found : &main.stores.emplace_back(*server, settings);
    });
}

}  // namespace mfa_reset::nginx
