// One Redis of the configuration, and what each worker has of it: its client, its stores.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "nginx/ngx.hpp"
#include "nginx/redis_link.hpp"
#include "redis/client.hpp"
#include "redis/refusals.hpp"
#include "store/redis_store.hpp"

namespace mfa_reset::nginx {

/// Made when the configuration is loaded, for all locations with the same settings. Its connections
/// are made in workers only: eagerly by start(), or by the first request where nobody started it
/// (a reload without a master process starts no modules).
class RedisServer final : public redis::Network, public redis::Observer {
public:
    RedisServer(redis::Settings settings, LinkOptions links);
    RedisServer(const RedisServer&) = delete;
    RedisServer& operator=(const RedisServer&) = delete;
    ~RedisServer();

    const redis::Settings& settings() const noexcept { return settings_; }
    const LinkOptions& links() const noexcept { return links_; }

    /// Connects, once. Throws std::bad_alloc.
    void start();
    /// The worker ends.
    void stop() noexcept;

    /// This worker's client, started if need be. Throws std::bad_alloc.
    redis::Client& client();
    /// The same, or nullptr where nothing was started: for variables.
    const redis::Client* started_client() const noexcept { return client_.get(); }

    // redis::Network
    std::unique_ptr<redis::Transport> transport(redis::Connection& connection) override;
    std::unique_ptr<redis::Alarm> alarm(redis::AlarmOwner& owner) override;
    redis::Milliseconds now() const noexcept override {
        return redis::Milliseconds{static_cast<redis::Milliseconds::rep>(ngx_current_msec)};
    }

    // redis::Observer
    void redis_moved(const redis::Address& master) noexcept override;
    void redis_lost(const redis::Loss& loss) noexcept override;
    void redis_down(std::string_view why) noexcept override;
    void redis_up() noexcept override;
    void redis_node_lost(std::string_view node, const redis::Loss& loss) noexcept override;
    void redis_node_down(std::string_view node, std::string_view why) noexcept override;
    void redis_node_up(std::string_view node) noexcept override;
    void redis_node_unreachable(std::string_view node) noexcept override;
    void redis_evicts(std::string_view policy) noexcept override;
    void redis_unnamed(std::string_view why) noexcept override;
    void redis_refused(const redis::Reply& error) noexcept override;
    void redis_worked(bool wrote) noexcept override;

private:
    redis::Settings settings_;
    LinkOptions links_;
    std::string name_;  // for the log
    redis::Refusals refusals_;
    bool evicts_ = false;
    bool unnamed_ = false;  // and logged
    std::unique_ptr<redis::Client> client_;
};

/// A Redis with a prefix and a length of events: what a location calls its store.
class StoreEntry {
public:
    /// ServiceStack's sessions are at `sessions`, all the rest at `server`. Both outlive the entry.
    StoreEntry(RedisServer& server, RedisServer& sessions, store::StoreSettings settings)
        : server_(server), sessions_(sessions), settings_(std::move(settings)) {}
    StoreEntry(const StoreEntry&) = delete;
    StoreEntry& operator=(const StoreEntry&) = delete;
    ~StoreEntry() = default;

    RedisServer& server() const noexcept { return server_; }
    RedisServer& sessions() const noexcept { return sessions_; }
    const store::StoreSettings& settings() const noexcept { return settings_; }

    /// This worker's store. Throws std::bad_alloc.
    store::RedisStore& store();

private:
    RedisServer& server_;
    RedisServer& sessions_;
    store::StoreSettings settings_;
    std::unique_ptr<store::RedisStore> store_;
};

}  // namespace mfa_reset::nginx
