// The whole Foundry API, from the request's bytes to the answer, with a store that answers as it
// likes. scene.hpp says what an input is; here `user` is the session's JSON and `realm` the
// caller's device profiles, and the words for `set` are no_session, wrong, used, locked, lost,
// enrolled, off, global.
#include "format/xml.hpp"
#include "foundry/api.hpp"
#include "foundry/formats.hpp"
#include "foundry/session.hpp"
#include "foundry_fake_store.hpp"
#include "foundry_settings.hpp"
#include "response_rules.hpp"
#include "scene.hpp"

namespace mfa_reset::fuzz {
namespace {

using CodeVerdict = foundry::CodeAnswer::Verdict;

foundry::Settings settings_of(const Scene& scene) {
    foundry::Settings settings = test::foundry_settings();
    settings.roles = {"reset2fa"};
    settings.global_role = scene.is_set("global") ? "Global" : "";
    settings.caller_code.required = scene.is_set("off")        ? foundry::CallerCode::off
                                    : scene.is_set("enrolled") ? foundry::CallerCode::enrolled
                                                               : foundry::CallerCode::required;
    return settings;
}

/// A store that has what Foundry asks for.
test::FakeFoundryStore store_of(const Scene& scene) {
    using Said = StoreSays::Verdict;
    using Verdict = foundry::ResetAnswer::Verdict;
    test::FakeFoundryStore store;
    const StoreSays& says = scene.answer();
    store.answer.failure = says.failure();
    // What no reset of Foundry's can come to is a wrong answer.
    switch (says.verdict) {
        case Said::done: store.answer.verdict = Verdict::done; break;
        case Said::nothing: store.answer.verdict = Verdict::nothing; break;
        case Said::unknown: store.answer.verdict = Verdict::unknown; break;
        case Said::unavailable:
        case Said::uncertain: break;
        default: store.answer.failure = kWrongReply;
    }
    if (!scene.is_set("no_session")) {
        store.session.text = says.caller_user;
    }
    store.devices = {{}, says.caller_realm, 59, {}};
    store.code.verdict = scene.is_set("wrong")    ? CodeVerdict::wrong
                         : scene.is_set("used")   ? CodeVerdict::used
                         : scene.is_set("locked") ? CodeVerdict::locked
                                                  : CodeVerdict::accepted;
    if (scene.is_set("lost")) {
        store.code.failure = Failure{Failure::Kind::uncertain, test::kWhy};
    }
    store.suspends = scene.suspends();
    return store;
}

/// Who resets anybody: the session's user, with a code where one is asked for, in the own
/// organisation or by a global role.
void judge_reset(const Scene& scene, const foundry::Settings& settings,
                 const test::FakeFoundryStore& store) {
    const auto& orders = store.orders;
    require(orders.size() <= 1, "one reset at most");
    if (orders.empty()) {
        return;
    }
    test::RequestMemory memory;
    const auto caller = foundry::parse_session(scene.answer().caller_user, {}, memory);
    require(caller.has_value() && !scene.is_set("no_session"), "somebody is logged in");
    require(caller->has_role("Admin") || caller->has_role("reset2fa") ||
                caller->has_permission("reset2fa"),
            "the caller may reset");
    const auto required = settings.caller_code.required;
    const bool asked = required != foundry::CallerCode::off &&
                       (required == foundry::CallerCode::required || !store.code_orders.empty());
    require(!asked || (!store.code.failure && store.code.verdict == CodeVerdict::accepted),
            "the code was accepted");
    const Subject& target = orders[0].target;
    require(target.realm == settings.realm && !target.user.empty(), "somebody is to be reset");
    const std::string_view own = caller->find_text("organisationId").value_or("");
    require(!caller->is_nested("organisationId"), "an organisation is a text");
    require(target.organisation == own ||
                (own.empty() && caller->has_role("Global") && scene.is_set("global")),
            "in the own organisation", target.organisation);
}

void judge_response(const Response& response, const test::FakeFoundryStore& store,
                    const Trace& trace) {
    const Json json = judge_answer(response);
    require(json == nullptr || json_is_object(json.get()), "JSON is an object", response.body);
    require(is_utf8(response.body), "the body is UTF-8", response.body);
    if (response.content_type == "application/xml") {
        test::RequestMemory memory;
        require(format::read_xml_members(response.body.substr(response.body.find("?>") + 2), memory)
                    .has_value(),
                "XML is well-formed", response.body);
    }
    const bool done =
        !store.answer.failure && store.answer.verdict != foundry::ResetAnswer::Verdict::unknown;
    require((response.status == 200) == (done && !store.orders.empty()),
            "a success is one that happened");
    require(trace.result != Result::undecided, "every answer has a result");
}

void check(std::string_view input) {
    const Scene scene(input, "/users/2fa/reset", "");
    const foundry::Settings settings = settings_of(scene);
    test::FakeFoundryStore store = store_of(scene);
    const foundry::FoundryApi api(settings, store);
    const SceneRun run(scene, api);
    judge_reset(scene, settings, store);
    if (run.response()) {
        judge_response(*run.response(), store, run.trace());
    }
}

}  // namespace
}  // namespace mfa_reset::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mfa_reset::fuzz::check(mfa_reset::fuzz::view(data, size));
    return 0;
}
