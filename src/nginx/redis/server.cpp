#include "nginx/redis/server.hpp"

#include <array>
#include <utility>

#include "nginx/log.hpp"
#include "nginx/redis/alarm.hpp"

namespace mfa_reset::nginx {

namespace {

using Kind = redis::News::Kind;

/// The line, with the server and the news's text in it.
const char* format_of(Kind kind) noexcept {
    switch (kind) {
        case Kind::moved: return "mfa_reset: the master of %V is %V";
        case Kind::lost: return "mfa_reset: a connection to %V was lost: %V";
        case Kind::down: return "mfa_reset: %V is down: %V";
        case Kind::up: return "mfa_reset: %V is up again";
        case Kind::unreachable:
            return "mfa_reset: %V announces no usable address of its node %V: set "
                   "cluster-announce-hostname or cluster-announce-port there";
        case Kind::evicts:
            return "mfa_reset: %V may evict users: its maxmemory-policy is %V, and must be "
                   "noeviction";
        case Kind::unnamed: break;
    }
    return "mfa_reset: %V does not show which connections are nginx's: %V";
}

/// What ends something has the level of what began it: a log with the one has the other.
ngx_uint_t level_of(const redis::News& news) noexcept {
    switch (news.kind) {
        case Kind::moved: return NGX_LOG_NOTICE;
        case Kind::lost: return news.idle ? NGX_LOG_INFO : NGX_LOG_WARN;
        case Kind::unnamed: return NGX_LOG_WARN;
        case Kind::down:
        case Kind::up:
        case Kind::unreachable:
        case Kind::evicts: break;
    }
    return NGX_LOG_ERR;
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

void RedisServer::report(const redis::News& news) noexcept {
    if (is_reported_already(news)) {
        return;
    }
    const ngx_str_t node = str(news.node);
    const ngx_str_t name = str(name_);
    std::array<u_char, NGX_MAX_ERROR_STR> text{};
    const u_char* const end =
        ngx_slprintf(text.data(), text.data() + text.size(), "%s%V%sRedis %V",
                     node.len != 0 ? "node " : "", &node, node.len != 0 ? " of " : "", &name);
    const ngx_str_t subject{static_cast<std::size_t>(end - text.data()), text.data()};
    const Escaped detail(news.text);
    ngx_log_error(level_of(news), ngx_cycle->log, 0, format_of(news.kind), &subject,
                  &detail.text());
}

/// Each new connection reports these two facts. A policy that evicts only keys with a TTL drops
/// sessions, not users: it is not reported.
bool RedisServer::is_reported_already(const redis::News& news) noexcept {
    if (news.kind == Kind::evicts) {
        const bool evicts = news.text.starts_with("allkeys-");
        return std::exchange(evicts_, evicts) || !evicts;
    }
    return news.kind == Kind::unnamed && std::exchange(unnamed_, true);
}

/// Logged once for each class, in our own words; Redis's words are in the line of each request. A
/// redirection is no error in a cluster.
void RedisServer::command_refused(const redis::Reply& error) noexcept {
    const redis::ErrorClass& refusal = redis::error_class(error);
    const bool redirects = refusal.remedy == redis::Remedy::redirect;
    const bool expected = redirects && settings_.url.kind == redis::Url::Kind::cluster;
    if (expected || !episodes_.begins(refusal, now())) {
        return;
    }
    const ngx_str_t name = str(name_);
    const ngx_str_t what = str(refusal.name);
    const ngx_str_t advice = str(refusal.advice);
    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0, "mfa_reset: Redis %V refuses commands: %V: %V",
                  &name, &what, &advice);
}

void RedisServer::command_worked(bool wrote) noexcept {
    while (const redis::ErrorClass* ended = episodes_.take_ended(wrote, now())) {
        const ngx_str_t name = str(name_);
        const ngx_str_t what = str(ended->name);
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "mfa_reset: Redis %V takes commands again: no more %V", &name, &what);
    }
}

}  // namespace mfa_reset::nginx
