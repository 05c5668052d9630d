// See store_scene.hpp.
#include "store_scene.hpp"

namespace mfa_reset::test {

namespace {

std::string name_of(ResetAnswer::Verdict verdict) {
    using Verdict = ResetAnswer::Verdict;
    switch (verdict) {
        case Verdict::done: return "done";
        case Verdict::nothing: return "nothing";
        case Verdict::no_record: return "no_record";
        case Verdict::unauthenticated: return "unauthenticated";
        case Verdict::forbidden: return "forbidden";
        case Verdict::unknown: return "unknown";
        case Verdict::unavailable: return "unavailable";
        case Verdict::uncertain: return "uncertain";
        case Verdict::broken: break;
    }
    return "broken";
}

}  // namespace

Ordering::Ordering(RedisLoop& loop, Store& store, const ResetOrder& order,
                   redis::Milliseconds deadline)
    : loop_(loop),
      services_(memory_, store, *this, trace_, deadline),
      order_(order),
      task_(store.reset(order_, services_)) {
    task_.frame().resume();
}

ResetResult Ordering::result() {
    const ResetAnswer answer = task_.frame().promise().take();
    return {.verdict = name_of(answer.verdict),
            .caller_user = std::string{answer.caller_user},
            .caller_realm = std::string{answer.caller_realm},
            .caller_universal_id = std::string{answer.caller_universal_id},
            .why = std::string{answer.why},
            .request = std::string{trace_.request},
            .store_asked = trace_.store_asked,
            .store_time = trace_.store_time};
}

void StoreScene::SetUp() {
    server_ = std::make_unique<RedisProcess>();
    ASSERT_TRUE(server_->started()) << "redis-server did not start: is it installed?";
    settings.url.addresses = {{.host = {}, .port = 0, .unix_path = server_->socket_path()}};
    settings.timeout = redis::Milliseconds{5000};  // nothing here is about time, if it says nothing
    loop.emplace(settings);
    store.emplace(loop->client(), store_settings);
}

void StoreScene::TearDown() {
    store.reset();
    loop.reset();
    server_.reset();
}

std::map<std::string, std::string> StoreScene::snapshot() {
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

void StoreScene::log_in(const Words& fields) {
    Words words{"HSET", kSession};
    words.insert(words.end(), fields.begin(), fields.end());
    redis({"DEL", kSession});
    redis(words);
}

void StoreScene::enrol(const std::string& key) {
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

ResetResult StoreScene::reset(const ResetOrder& order) {
    Ordering ordering(*loop, *store, order);
    EXPECT_TRUE(loop->run_until([&ordering] { return ordering.ended(); })) << "no answer";
    return ordering.ended() ? ordering.result() : ResetResult{};
}

}  // namespace mfa_reset::test
