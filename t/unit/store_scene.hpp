// A store on a real redis-server, for tests that give one order after another and look at what is
// there.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mfa_reset/api.hpp"
#include "pool_like_memory.hpp"
#include "redis_loop.hpp"
#include "redis_process.hpp"
#include "store/redis_store.hpp"

namespace mfa_reset::test {

/// What came of an order, as text that outlives the request.
struct ResetResult {
    std::string verdict;
    std::string caller_user;
    std::string caller_realm;
    std::string caller_universal_id;
    std::string why;
    std::string request;  ///< the id in the trace
    bool store_asked = false;
    std::uint64_t store_time = 0;
};

/// One request that gives one order to the store.
class Ordering final : public Scheduler {
public:
    Ordering(RedisLoop& loop, Store& store, const ResetOrder& order,
             redis::Milliseconds deadline = redis::Milliseconds::max());
    Ordering(const Ordering&) = delete;
    Ordering& operator=(const Ordering&) = delete;
    ~Ordering() = default;

    void resume_later(std::coroutine_handle<> waiting) noexcept override { loop_.post(waiting); }
    bool ended() const { return task_.frame().done(); }
    ResetResult result();

private:
    RedisLoop& loop_;
    std::pmr::monotonic_buffer_resource memory_;
    Trace trace_;
    Services services_;
    ResetOrder order_;
    Task<ResetAnswer> task_;
};

/// The token of every caller in these tests, and its session's key: SHA-256's own example.
inline constexpr std::string_view kToken = "abc";
inline constexpr const char* kSession =
    "mfa:session:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// A fixture: each test has a server of its own.
class StoreScene : public testing::Test {
protected:
    void SetUp() override;
    void TearDown() override;

    static std::string redis(const Words& words) { return server_->command(words); }
    /// Every key and what is in it, byte for byte.
    static std::map<std::string, std::string> snapshot();

    /// A session of `kToken`, and a record with both factors.
    static void log_in(const Words& fields);
    static void enrol(const std::string& key);

    ResetResult reset(const ResetOrder& order);
    /// The order that most tests vary: the caller's own OATH device in /alpha.
    static ResetOrder own_reset() {
        ResetOrder order;
        order.api = "am";
        order.token = kToken;
        order.target = {"/alpha", "demo"};
        order.remote_address = "192.0.2.7";
        return order;
    }

    redis::Settings settings;
    store::StoreSettings store_settings;
    std::optional<RedisLoop> loop;
    std::optional<store::RedisStore> store;

private:
    inline static std::unique_ptr<RedisProcess> server_;
};

}  // namespace mfa_reset::test
