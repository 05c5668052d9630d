// See redis_server.hpp.
#include "nginx/redis/server.hpp"

#include "nginx/log.hpp"
#include "nginx/redis/alarm.hpp"

namespace mfa_reset::nginx {

namespace {

ngx_uint_t level_of(const redis::Loss& loss) noexcept {
    return loss.idle ? NGX_LOG_INFO : NGX_LOG_WARN;
}

}  // namespace

RedisServer::RedisServer(redis::Settings settings, LinkOptions links)
    : settings_(std::move(settings)),
      links_(std::move(links)),
      name_(settings_.url.public_text()) {}

RedisServer::~RedisServer() { stop(); }

void RedisServer::start() {
    if (client_) {
        return;
    }
    client_ = std::make_unique<redis::Client>(settings_, *this, *this);
    client_->start();
}

void RedisServer::stop() noexcept {
    if (client_) {
        client_->stop();
    }
}

std::unique_ptr<redis::Transport> RedisServer::transport(redis::Connection& connection) {
    return std::make_unique<RedisLink>(links_, connection, ngx_cycle->log);
}

std::unique_ptr<redis::Alarm> RedisServer::alarm(redis::AlarmOwner& owner) {
    return std::make_unique<RedisAlarm>(owner, ngx_cycle->log);
}

redis::Client& RedisServer::client() {
    start();
    return *client_;
}

void RedisServer::redis_moved(const redis::Address& master) noexcept {
    guarded(false, [&] {
        const Escaped address(master.text());
        const ngx_str_t name = str(name_);
        ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0, "mfa_reset: the master of Redis %V is %V",
                      &name, &address.text());
        return true;
    });
}

void RedisServer::redis_lost(const redis::Loss& loss) noexcept {
    const Escaped reason(loss.why);
    const ngx_str_t name = str(name_);
    ngx_log_error(level_of(loss), ngx_cycle->log, 0,
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
    // At the level of what it ends: a log that has the one has the other.
    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0, "mfa_reset: Redis %V is up again", &name);
}

void RedisServer::redis_node_lost(std::string_view node, const redis::Loss& loss) noexcept {
    const Escaped reason(loss.why);
    const ngx_str_t address = str(node);
    const ngx_str_t name = str(name_);
    ngx_log_error(level_of(loss), ngx_cycle->log, 0,
                  "mfa_reset: a connection to node %V of Redis %V was lost: %V", &address, &name,
                  &reason.text());
}

void RedisServer::redis_node_down(std::string_view node, std::string_view why) noexcept {
    const Escaped reason(why);
    const ngx_str_t address = str(node);
    const ngx_str_t name = str(name_);
    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0, "mfa_reset: node %V of Redis %V is down: %V",
                  &address, &name, &reason.text());
}

void RedisServer::redis_node_up(std::string_view node) noexcept {
    const ngx_str_t address = str(node);
    const ngx_str_t name = str(name_);
    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0, "mfa_reset: node %V of Redis %V is up again",
                  &address, &name);
}

void RedisServer::redis_node_unreachable(std::string_view node) noexcept {
    const Escaped announced(node);
    const ngx_str_t name = str(name_);
    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                  "mfa_reset: Redis %V announces no usable address of its node %V: set "
                  "cluster-announce-hostname or cluster-announce-port there",
                  &name, &announced.text());
}

/// Told by each connection, logged once. What evicts keys with a TTL only drops sessions.
void RedisServer::redis_evicts(std::string_view policy) noexcept {
    const bool drops = policy.starts_with("allkeys-");
    if (drops && !evicts_) {
        const Escaped what(policy);
        const ngx_str_t name = str(name_);
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "mfa_reset: Redis %V may evict users: its maxmemory-policy is %V, and must "
                      "be noeviction",
                      &name, &what.text());
    }
    evicts_ = drops;
}

void RedisServer::redis_unnamed(std::string_view why) noexcept {
    if (std::exchange(unnamed_, true)) {
        return;
    }
    const Escaped reason(why);
    const ngx_str_t name = str(name_);
    ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                  "mfa_reset: Redis %V does not show which connections are nginx's: %V", &name,
                  &reason.text());
}

/// Once for each class, in our own words: Redis's are in the line of each request. Where a node of
/// a cluster only says which other one it is, all is well.
void RedisServer::redis_refused(const redis::Reply& error) noexcept {
    const redis::ErrorClass& refusal = redis::error_class(error);
    const bool redirects = refusal.remedy == redis::Remedy::redirect;
    const bool expected = redirects && settings_.url.kind == redis::Url::Kind::cluster;
    if (expected || !refusals_.begins(refusal, now())) {
        return;
    }
    const ngx_str_t name = str(name_);
    const ngx_str_t what = str(refusal.name);
    const ngx_str_t advice = str(refusal.advice);
    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0, "mfa_reset: Redis %V refuses commands: %V: %V",
                  &name, &what, &advice);
}

void RedisServer::redis_worked(bool wrote) noexcept {
    while (const redis::ErrorClass* ended = refusals_.take_ended(wrote, now())) {
        const ngx_str_t name = str(name_);
        const ngx_str_t what = str(ended->name);
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "mfa_reset: Redis %V takes commands again: no more %V", &name, &what);
    }
}

}  // namespace mfa_reset::nginx
