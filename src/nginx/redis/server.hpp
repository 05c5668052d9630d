// One Redis of the configuration, and the client that each worker has of it.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "nginx/clock.hpp"
#include "nginx/ngx.hpp"
#include "nginx/redis/link.hpp"
#include "records/redis_records.hpp"
#include "redis/connection/error_episodes.hpp"
#include "redis/topology/client.hpp"

namespace mfa_reset::nginx {

/// Made when the configuration is loaded, for all locations with the same settings. Its connections
/// are made in workers only: by start(), or by the first request if start() was not called (a
/// reload without a master process starts no modules).
class RedisServer final : public redis::Network,
                          public redis::Observer,
                          public records::ClientSource {
public:
    RedisServer(redis::Settings settings, LinkOptions links);
    RedisServer(const RedisServer&) = delete;
    RedisServer& operator=(const RedisServer&) = delete;
    ~RedisServer();

    const redis::Settings& settings() const noexcept { return settings_; }
    const LinkOptions& links() const noexcept { return links_; }

    /// Connects, once.
    void start();
    /// The worker ends.
    void stop() noexcept;

    /// This worker's client, or nullptr if start() was not called: for variables.
    const redis::Client* started_client() const noexcept { return client_.get(); }

    // records::ClientSource
    redis::Client& client() override;

    // redis::Network
    std::unique_ptr<redis::Transport> transport(redis::Connection& connection) override;
    std::unique_ptr<redis::Alarm> alarm(redis::AlarmOwner& owner) override;
    redis::Milliseconds now() const noexcept override { return nginx::now(); }

    // redis::Observer
    void report(const redis::News& news) noexcept override;
    void command_refused(const redis::Reply& error) noexcept override;
    void command_worked(bool wrote) noexcept override;

private:
    bool is_reported_already(const redis::News& news) noexcept;

    redis::Settings settings_;
    LinkOptions links_;
    std::string name_;  // for the log
    redis::ErrorEpisodes episodes_;
    bool evicts_ = false;   // as reported last
    bool unnamed_ = false;  // reported
    std::unique_ptr<redis::Client> client_;
};

/// The records of a location: a Redis, the prefix and the length of events.
class RecordsEntry {
public:
    RecordsEntry(RedisServer& server, records::Settings settings)
        : server_(server), settings_(std::move(settings)), records_(server, settings_) {}
    RecordsEntry(const RecordsEntry&) = delete;
    RecordsEntry& operator=(const RecordsEntry&) = delete;
    ~RecordsEntry() = default;

    RedisServer& server() const noexcept { return server_; }
    const records::Settings& settings() const noexcept { return settings_; }
    Records& records() noexcept { return records_; }

private:
    RedisServer& server_;
    const records::Settings settings_;
    records::RedisRecords records_;
};

}  // namespace mfa_reset::nginx
