#include "am_store_scene.hpp"

namespace mfa_reset::test {

namespace {

std::string name_of(const Decision& answer) {
    using Verdict = Decision::Verdict;
    if (answer.failure) {
        return test::name_of(answer.failure->kind);
    }
    switch (answer.verdict) {
        case Verdict::done: return "done";
        case Verdict::nothing: return "nothing";
        case Verdict::no_record: return "no_record";
        case Verdict::unauthenticated: return "unauthenticated";
        case Verdict::forbidden: return "forbidden";
        case Verdict::level: return "level";
        case Verdict::unknown: return "unknown";
        case Verdict::changed: return "changed";
    }
    return {};
}

}  // namespace

Ordering::Ordering(RedisLoop& loop, am::Store& store, const Order& order,
                   redis::Milliseconds deadline)
    : order_(order),
      asking_(
          loop, [this, &store](Services& services) { return store.act(order_, services); },
          deadline) {}

ResetResult Ordering::result() {
    const Decision answer = asking_.answer();
    const Trace& trace = asking_.trace();
    return {.verdict = name_of(answer),
            .caller_user = std::string{answer.caller_user},
            .caller_realm = std::string{answer.caller_realm},
            .caller_universal_id = std::string{answer.caller_universal_id},
            .why = std::string{answer.failure ? answer.failure->why : std::string_view{}},
            .request = std::string{trace.request},
            .store_asked = trace.store_asked,
            .store_time = trace.store_time};
}

ResetResult AmStoreScene::reset(const Order& order) {
    return Ordering(*loop, store, order).result();
}

}  // namespace mfa_reset::test
