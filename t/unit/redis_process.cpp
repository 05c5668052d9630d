#include "redis_process.hpp"

#include <hiredis/hiredis.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

namespace mfa_reset::test {

namespace {

using namespace std::chrono_literals;

/// hiredis's own kind of reply, as describe() has ours.
std::string text_of(const redisReply& reply) {
    switch (reply.type) {
        case REDIS_REPLY_NIL: return "_";
        case REDIS_REPLY_INTEGER: return ":" + std::to_string(reply.integer);
        case REDIS_REPLY_STATUS:
            return "+" + std::string(reply.str, static_cast<std::size_t>(reply.len));
        case REDIS_REPLY_ERROR:
            return "-" + std::string(reply.str, static_cast<std::size_t>(reply.len));
        case REDIS_REPLY_STRING:
            return '"' + std::string(reply.str, static_cast<std::size_t>(reply.len)) + '"';
        default: break;
    }
    std::string text = "[";
    for (std::size_t i = 0; i < reply.elements; ++i) {
        text += (i > 0 ? " " : "") + text_of(*reply.element[i]);
    }
    return text + "]";
}

}  // namespace

void RedisProcess::FreeContext::operator()(redisContext* context) const noexcept {
    redisFree(context);
}

RedisProcess::RedisProcess() {
    std::string name = std::filesystem::temp_directory_path() / "mfa-reset-unit-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) {
        return;
    }
    directory_ = name;
    pid_ = fork();
    if (pid_ == 0) {
        spawn();
        _exit(127);
    }
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (pid_ > 0 && !started() && std::chrono::steady_clock::now() < end) {
        connect();
        std::this_thread::sleep_for(10ms);
    }
}

void RedisProcess::freeze() const noexcept {
    kill(pid_, SIGSTOP);
    waitpid(pid_, nullptr, WUNTRACED);
}

void RedisProcess::thaw() const noexcept { kill(pid_, SIGCONT); }

RedisProcess::~RedisProcess() {
    context_.reset();
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    if (!directory_.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }
}

/// In the child. It dies with the tests, however they end.
void RedisProcess::spawn() const {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", socket_path().c_str(),
           "--save", "", "--appendonly", "no", "--dir", directory_.c_str(), "--logfile",
           (directory_ + "/redis.log").c_str(), static_cast<char*>(nullptr));
}

void RedisProcess::connect() {
    context_.reset(redisConnectUnix(socket_path().c_str()));
    if (context_ != nullptr && (context_->err != 0 || command({"PING"}) != "+PONG")) {
        context_.reset();
    }
}

std::string RedisProcess::command(const Words& words) {
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    for (const std::string& word : words) {
        texts.push_back(word.data());
        sizes.push_back(word.size());
    }
    const std::unique_ptr<redisReply, void (*)(redisReply*)> reply(
        static_cast<redisReply*>(redisCommandArgv(context_.get(), static_cast<int>(words.size()),
                                                  texts.data(), sizes.data())),
        [](redisReply* ours) { freeReplyObject(ours); });
    return reply ? text_of(*reply) : "no reply";
}

}  // namespace mfa_reset::test
