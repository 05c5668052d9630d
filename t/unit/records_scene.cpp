#include "records_scene.hpp"

namespace mfa_reset::test {

std::string name_of(Failure::Kind kind) {
    return kind == Failure::Kind::unavailable ? "unavailable"
           : kind == Failure::Kind::uncertain ? "uncertain"
                                              : "broken";
}

void RecordsScene::SetUp() {
    server_ = std::make_unique<RedisProcess>();
    ASSERT_TRUE(server_->started()) << "redis-server did not start: is it installed?";
    settings.url.addresses = {{.host = {}, .port = 0, .unix_path = server_->socket_path()}};
    settings.timeout = redis::Milliseconds{5000};  // nothing here is about time, if it says nothing
    loop.emplace(settings);
}

void RecordsScene::TearDown() {
    loop.reset();
    server_.reset();
}

std::map<std::string, std::string> RecordsScene::snapshot() {
    std::map<std::string, std::string> all;
    std::string keys = redis({"EVAL", "return table.concat(redis.call('KEYS', '*'), '\\n')", "0"});
    keys = keys.substr(1, keys.size() - 2) + "\n";
    for (std::size_t from = 0, to = 0; (to = keys.find('\n', from)) != std::string::npos;
         from = to + 1) {
        const std::string key = keys.substr(from, to - from);
        if (!key.empty()) {
            all[key] = redis({"DUMP", key});
        }
    }
    return all;
}

void RecordsScene::log_in(const Words& fields) {
    Words words{"HSET", kSessionKey};
    words.insert(words.end(), fields.begin(), fields.end());
    redis({"DEL", kSessionKey});
    redis(words);
}

void RecordsScene::enrol(const std::string& key) {
    redis({"HSET",
           key,
           "uid",
           "demo",
           "oathDeviceProfiles",
           "[{}]",
           "oath2faEnabled",
           "2",
           "pushDeviceProfiles",
           "[{},{}]",
           "push2faEnabled",
           "1",
           "challenge:ChallengeSMS",
           "10",
           "lock:ChallengeSMS",
           "1795379552240",
           "callerCode:step",
           "58",
           "callerCode:failures",
           "2"});
}

}  // namespace mfa_reset::test
