// See redis_server.hpp.
#include "nginx/redis_server.hpp"

#include "nginx/log.hpp"

namespace mfa_reset::nginx {

void RedisServer::start() {
    if (client_) {
        return;
    }
    std::vector<redis::Transport*> transports;
    for (std::size_t i = 0; i < settings_.connections; ++i) {
        transports.push_back(&links_.emplace_back(addresses_, ngx_cycle->log));
    }
    client_ = std::make_unique<redis::Client>(settings_, transports, *this);
    for (std::size_t i = 0; i < links_.size(); ++i) {
        links_[i].attach(client_->connection(i));
    }
    client_->start();
}

void RedisServer::stop() noexcept {
    for (RedisLink& link : links_) {
        link.stop();
    }
}

redis::Client& RedisServer::client() {
    start();
    return *client_;
}

void RedisServer::redis_lost(std::string_view why) noexcept {
    const Escaped reason(why);
    const ngx_str_t name = str(name_);
    ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                  "mfa_reset: a connection to Redis %V was lost: %V", &name, &reason.text());
}

void RedisServer::redis_down(std::string_view why) noexcept {
    const Escaped reason(why);
    const ngx_str_t name = str(name_);
    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0, "mfa_reset: Redis %V is down: %V", &name,
                  &reason.text());
}

void RedisServer::redis_up() noexcept {
    const ngx_str_t name = str(name_);
    ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0, "mfa_reset: Redis %V is up again", &name);
}

store::RedisStore& StoreEntry::store() {
    if (!store_) {
        store_ = std::make_unique<store::RedisStore>(server_.client(), settings_);
    }
    return *store_;
}

}  // namespace mfa_reset::nginx
