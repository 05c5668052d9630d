// The driver: a request's coroutine from its start to its end, or destroyed on the way.
#include "mfa_reset/driver.hpp"

#include <gtest/gtest.h>

#include <coroutine>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "pool_like_memory.hpp"

namespace mfa_reset {
namespace {

using State = Driver::State;

/// What a coroutine of these tests gets, and what it has done.
struct Stage {
    Memory& memory() { return pool; }

    /// Waits until the test resumes `waiting`.
    auto wait() {
        struct Awaiter {
            Stage& stage;
            bool await_ready() const noexcept { return false; }
            void await_suspend(std::coroutine_handle<> handle) const noexcept {
                stage.waiting = handle;
            }
            void await_resume() const noexcept {}
        };
        return Awaiter{*this};
    }
    std::coroutine_handle<> take() { return std::exchange(waiting, nullptr); }

    test::PoolLikeMemory pool;
    std::coroutine_handle<> waiting;
    Driver* driver = nullptr;
    std::vector<std::string> log;
};

/// A local variable that tells when it goes.
class Local {
public:
    Local(Stage& stage, std::string name) : stage_(stage), name_(std::move(name)) {}
    Local(const Local&) = delete;
    Local& operator=(const Local&) = delete;
    ~Local() { stage_.log.push_back("~" + name_); }

private:
    Stage& stage_;
    std::string name_;
};

using Log = std::vector<std::string>;

Response response_of(int status) {
    Response response;
    response.status = status;
    return response;
}

Task<Response> at_once(Stage& stage) {
    const Local local(stage, "local");
    co_return response_of(200);
}

Task<int> innermost(Stage& stage) {
    const Local local(stage, "innermost");
    co_await stage.wait();
    stage.log.emplace_back("resumed");
    co_return 2;
}

Task<int> inner(Stage& stage) {
    const Local local(stage, "inner");
    const int half = co_await innermost(stage);
    stage.log.emplace_back("between");
    co_await stage.wait();
    co_return half * 100;
}

Task<Response> outer(Stage& stage) {
    const Local local(stage, "outer");
    const int status = co_await inner(stage);
    co_return response_of(status);
}

Task<Response> cancels_itself(Stage& stage) {
    const Local local(stage, "local");
    stage.driver->cancel();
    stage.log.emplace_back("still running");
    co_await stage.wait();
    stage.log.emplace_back("never");
    co_return response_of(200);
}

Task<Response> cancels_itself_and_ends(Stage& stage) {
    const Local local(stage, "local");
    stage.driver->cancel();
    co_return response_of(200);
}

Task<Response> cancels_itself_later(Stage& stage) {
    const Local local(stage, "local");
    co_await stage.wait();
    stage.driver->cancel();
    co_await stage.wait();
    co_return response_of(200);
}

Task<int> throws(Stage& stage) {
    const Local local(stage, "thrower");
    co_await stage.wait();
    throw std::runtime_error("no");
}

Task<Response> lets_through(Stage& stage) {
    const Local local(stage, "outer");
    co_await throws(stage);
    co_return response_of(200);
}

Task<Response> throws_at_once(Stage& stage) {
    const Local local(stage, "local");
    throw std::bad_alloc();
    co_return response_of(200);
}

class DriverTest : public testing::Test {
protected:
    DriverTest() { stage.driver = &driver; }

    Stage stage;
    Driver driver;
};

TEST_F(DriverTest, EndsAtOnce) {
    EXPECT_EQ(driver.state(), State::idle);
    EXPECT_EQ(driver.start(at_once(stage)), State::done);
    EXPECT_EQ(driver.state(), State::done);
    ASSERT_TRUE(driver.response());
    EXPECT_EQ(driver.response()->status, 200);
    EXPECT_EQ(stage.log, Log{"~local"});
}

TEST_F(DriverTest, WaitsTwiceThroughThreeTasks) {
    EXPECT_EQ(driver.start(outer(stage)), State::suspended);
    EXPECT_FALSE(driver.response());
    EXPECT_EQ(driver.resume(stage.take()), State::suspended);
    EXPECT_EQ(stage.log, (Log{"resumed", "~innermost", "between"}));
    EXPECT_EQ(driver.resume(stage.take()), State::done);
    EXPECT_EQ(stage.log, (Log{"resumed", "~innermost", "between", "~inner", "~outer"}));
    EXPECT_EQ(driver.response().value().status, 200);
}

TEST_F(DriverTest, DestroyedWhileSuspended) {
    driver.start(outer(stage));
    driver.cancel();
    EXPECT_EQ(driver.state(), State::cancelled);
    EXPECT_EQ(stage.log, (Log{"~innermost", "~inner", "~outer"})) << "each once, from within";
    driver.cancel();
    EXPECT_EQ(stage.log.size(), 3U);
    EXPECT_FALSE(driver.response());
}

TEST_F(DriverTest, DestroyedWhileSuspendedForTheSecondTime) {
    driver.start(outer(stage));
    driver.resume(stage.take());
    driver.cancel();
    EXPECT_EQ(stage.log, (Log{"resumed", "~innermost", "between", "~inner", "~outer"}));
}

TEST_F(DriverTest, DestroyedByItsOwner) {
    {
        Driver owned;
        owned.start(outer(stage));
    }
    EXPECT_EQ(stage.log, (Log{"~innermost", "~inner", "~outer"}));
}

TEST_F(DriverTest, CancelledWhileRunning) {
    EXPECT_EQ(driver.start(cancels_itself(stage)), State::cancelled);
    EXPECT_EQ(driver.state(), State::cancelled);
    EXPECT_EQ(stage.log, (Log{"still running", "~local"}))
        << "not under its feet, but on its way out";
}

TEST_F(DriverTest, CancelledWhileRunningToItsEnd) {
    EXPECT_EQ(driver.start(cancels_itself_and_ends(stage)), State::cancelled);
    EXPECT_FALSE(driver.response()) << "there is no request any more to answer";
    EXPECT_EQ(stage.log, Log{"~local"});
}

TEST_F(DriverTest, CancelledWhileRunningAfterAWait) {
    EXPECT_EQ(driver.start(cancels_itself_later(stage)), State::suspended);
    EXPECT_EQ(driver.resume(stage.take()), State::cancelled);
    EXPECT_EQ(stage.log, Log{"~local"});
}

TEST_F(DriverTest, CancelledAfterItsEnd) {
    driver.start(at_once(stage));
    driver.cancel();
    EXPECT_EQ(driver.state(), State::done);
    EXPECT_EQ(driver.response().value().status, 200) << "the response stays";
    EXPECT_EQ(stage.log, Log{"~local"});
}

TEST_F(DriverTest, CancelledBeforeItsStart) {
    driver.cancel();
    EXPECT_EQ(driver.state(), State::cancelled);
}

TEST_F(DriverTest, Throws) {
    EXPECT_EQ(driver.start(throws_at_once(stage)), State::done);
    EXPECT_FALSE(driver.response());
    EXPECT_EQ(stage.log, Log{"~local"});
}

TEST_F(DriverTest, ThrowsFromWithinAfterAWait) {
    EXPECT_EQ(driver.start(lets_through(stage)), State::suspended);
    EXPECT_EQ(driver.resume(stage.take()), State::done);
    EXPECT_FALSE(driver.response());
    EXPECT_EQ(stage.log, (Log{"~thrower", "~outer"}));
}

TEST_F(DriverTest, NoMemoryAtAnyDepth) {
    for (std::size_t frames = 0; frames < 3; ++frames) {
        Stage small;
        small.pool.fail_after(frames);
        Driver own;
        EXPECT_EQ(own.start(outer(small)), State::done) << frames;
        EXPECT_FALSE(own.response()) << frames;
        EXPECT_EQ(small.log, frames == 0   ? Log{}
                             : frames == 1 ? Log{"~outer"}
                                           : (Log{"~inner", "~outer"}));
    }
    Stage enough;
    enough.pool.fail_after(3);
    Driver own;
    EXPECT_EQ(own.start(outer(enough)), State::suspended);
}

}  // namespace
}  // namespace mfa_reset
