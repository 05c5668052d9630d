// A redis-server of the tests' own: on a unix socket in a new directory, gone with the object.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "redis_replies.hpp"

struct redisContext;

namespace mfa_reset::test {

class RedisProcess {
public:
    /// Starts the server and waits until it answers. Where it does not, started() is false.
    RedisProcess();
    RedisProcess(const RedisProcess&) = delete;
    RedisProcess& operator=(const RedisProcess&) = delete;
    ~RedisProcess();

    bool started() const { return context_ != nullptr; }
    std::string socket_path() const { return directory_ + "/redis.sock"; }

    /// Gives a command and waits for its reply, as text: see describe().
    std::string command(const Words& words);

    /// Until thaw() it answers nothing.
    void freeze() const noexcept;
    void thaw() const noexcept;

private:
    void spawn() const;
    void connect();

    struct FreeContext {
        void operator()(redisContext* context) const noexcept;
    };

    std::string directory_;
    pid_t pid_ = -1;
    std::unique_ptr<redisContext, FreeContext> context_;
};

}  // namespace mfa_reset::test
