// Records on a real redis-server, for tests that give a store one order after another and look at
// what is there.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mfa_reset/api.hpp"
#include "pool_like_memory.hpp"
#include "records/redis_records.hpp"
#include "redis_loop.hpp"
#include "redis_process.hpp"
#include "redis_settings.hpp"

namespace mfa_reset::test {

/// The token of every caller in these tests, and its session's key: SHA-256's own example.
inline constexpr std::string_view kToken = "abc";
inline constexpr const char* kSessionKey =
    "mfa:session:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// `uncertain`, as tests name a failure beside the verdicts.
std::string name_of(Failure::Kind kind);

/// The client of the loop that there is.
class LoopClient final : public records::ClientSource {
public:
    explicit LoopClient(std::optional<RedisLoop>& loop) : loop_(loop) {}
    redis::Client& client() override { return loop_->client(); }

private:
    std::optional<RedisLoop>& loop_;
};

/// A fixture: each test has a server of its own.
class RecordsScene : public testing::Test {
protected:
    void SetUp() override;
    void TearDown() override;

    static std::string redis(const Words& words) { return server_->command(words); }
    static void freeze_redis() { server_->freeze(); }
    static void thaw_redis() { server_->thaw(); }
    /// Every key and what is in it, byte for byte.
    static std::map<std::string, std::string> snapshot();

    /// A session of `kToken`, and a record with both factors.
    static void log_in(const Words& fields);
    static void enrol(const std::string& key);

    redis::Settings settings = redis_settings();
    records::Settings record_settings{.prefix = "mfa:", .events_length = 20};
    std::optional<RedisLoop> loop;  ///< may be made again, with other settings
    LoopClient client{loop};
    records::RedisRecords records{client, record_settings};

private:
    inline static std::unique_ptr<RedisProcess> server_;
};

}  // namespace mfa_reset::test
