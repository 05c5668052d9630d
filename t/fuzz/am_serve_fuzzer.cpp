// The whole AM API, from the request's bytes to the answer, with a store that answers as it likes.
// scene.hpp says what an input is; the API's own words for `set` are no_self, exact, oldest, none.
#include "am/api.hpp"
#include "am_fake_store.hpp"
#include "am_rules.hpp"
#include "am_settings.hpp"
#include "response_rules.hpp"
#include "scene.hpp"

namespace mfa_reset::fuzz {
namespace {

am::Settings settings_of(const Scene& scene) {
    am::Settings settings = test::am_settings();
    settings.devices = am::DeviceCalls::off;  // their calls have tests of their own
    settings.self.allowed = !scene.is_set("no_self");
    settings.subject_case = scene.is_set("exact") ? SubjectCase::exact : SubjectCase::ascii;
    settings.default_version = scene.is_set("none")     ? am::DefaultVersion::none
                               : scene.is_set("oldest") ? am::DefaultVersion::oldest
                                                        : am::DefaultVersion::latest;
    return settings;
}

am::Decision answer_of(const StoreSays& says) {
    using Said = StoreSays::Verdict;
    using Verdict = am::Decision::Verdict;
    const auto verdict = [&says] {
        switch (says.verdict) {
            case Said::nothing: return Verdict::nothing;
            case Said::no_record: return Verdict::no_record;
            case Said::unauthenticated: return Verdict::unauthenticated;
            case Said::forbidden: return Verdict::forbidden;
            case Said::unknown: return Verdict::unknown;
            default: return Verdict::done;
        }
    };
    return {says.failure(), verdict(), says.caller_user, says.caller_realm,
            says.caller_universal_id};
}

void check(std::string_view input) {
    const Scene scene(input, "/am/json/realms/root/realms/alpha/users/demo/devices/2fa/oath",
                      "_action=reset");
    const am::Settings settings = settings_of(scene);
    test::FakeAmStore store;
    store.answer = answer_of(scene.answer());
    store.suspends = scene.suspends();
    const am::AmApi api(settings, store);
    const SceneRun run(scene, api);
    const AmModel model(scene, settings);
    judge_am(scene, settings, model, run, store.orders);
    judge_secret(model.token(), input, run);
}

}  // namespace
}  // namespace mfa_reset::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mfa_reset::fuzz::check(mfa_reset::fuzz::view(data, size));
    return 0;
}
