// The whole Foundry API, from the request's bytes to the answer, with a store that answers as it
// likes. scene.hpp says what an input is; here `user` is the session's JSON and `realm` the
// caller's device profiles, and the words for `set` are no_session, wrong, used, locked, lost,
// enrolled, off, global.
#include "answer_rules.hpp"
#include "auth/servicestack_session.hpp"
#include "format/xml.hpp"
#include "foundry/api.hpp"
#include "foundry/formats.hpp"
#include "foundry_settings.hpp"
#include "scene.hpp"

namespace mfa_reset::fuzz {
namespace {

using CodeVerdict = CodeAnswer::Verdict;

foundry::Settings settings_of(const Scene& scene) {
    foundry::Settings settings = test::foundry_settings();
    settings.roles = {"reset2fa"};
    settings.global_role = scene.is_set("global") ? "Global" : "";
    settings.caller_code.required = scene.is_set("off")        ? foundry::CallerCode::off
                                    : scene.is_set("enrolled") ? foundry::CallerCode::enrolled
                                                               : foundry::CallerCode::required;
    return settings;
}

/// As SceneRun, with a store that has what Foundry asks for.
class Run {
public:
    Run(const Scene& scene, const Api& api) {
        store_.answer = scene.answer();
        store_.session.reading = Reading::good;
        if (!scene.is_set("no_session")) {
            store_.session.text = scene.answer().caller_user;
        }
        store_.devices = {Reading::good, scene.answer().caller_realm, 59, {}, {}};
        store_.code.verdict = scene.is_set("wrong")    ? CodeVerdict::wrong
                              : scene.is_set("used")   ? CodeVerdict::used
                              : scene.is_set("locked") ? CodeVerdict::locked
                              : scene.is_set("lost")   ? CodeVerdict::uncertain
                                                       : CodeVerdict::accepted;
        store_.suspends = scene.is_set("suspend") || scene.is_set("leave");
        if (scene.memory()) {
            memory_.fail_after(*scene.memory());
        }
        Driver::State state = driver_.start(api.serve(scene.request(), services_));
        while (state == Driver::State::suspended && !scene.is_set("leave")) {
            state = driver_.resume(scheduler_.take());
        }
        driver_.cancel();
    }

    const test::FakeStore& store() const { return store_; }
    const std::optional<Response>& response() const { return driver_.response(); }
    const Trace& trace() const { return trace_; }

private:
    test::FakeStore store_;
    test::FakeScheduler scheduler_;
    Trace trace_;
    test::RequestMemory memory_;
    Services services_{memory_, store_, scheduler_, trace_};
    Driver driver_;  ///< ends first: its coroutine refers to all of the above
};

/// Who resets anybody: the session's user, with a code where one is asked for, in the own
/// organisation or by a global role.
void judge_reset(const Scene& scene, const foundry::Settings& settings, const Run& run) {
    const auto& orders = run.store().full_orders;
    require(orders.size() <= 1, "one reset at most");
    if (orders.empty()) {
        return;
    }
    test::RequestMemory memory;
    const auto caller = auth::read_servicestack_session(scene.answer().caller_user, memory);
    require(caller.has_value() && !scene.is_set("no_session"), "somebody is logged in");
    require(caller->has_role("Admin") || caller->has_role("reset2fa") ||
                caller->has_permission("reset2fa"),
            "the caller may reset");
    const bool asked = settings.caller_code.required != foundry::CallerCode::off &&
                       (settings.caller_code.required == foundry::CallerCode::required ||
                        !run.store().code_orders.empty());
    require(!asked || run.store().code.verdict == CodeVerdict::accepted, "the code was accepted");
    const Subject& target = orders[0].target;
    require(target.realm == settings.realm && !target.user.empty(), "somebody is to be reset");
    const std::string_view own = caller->find_text("organisationId").value_or("");
    require(!caller->is_nested("organisationId"), "an organisation is a text");
    require(target.organisation == own ||
                (own.empty() && caller->has_role("Global") && scene.is_set("global")),
            "in the own organisation", target.organisation);
}

void judge_response(const Response& response, const Run& run) {
    const Json json = judge_answer(response);
    require(json == nullptr || json_is_object(json.get()), "JSON is an object", response.body);
    require(is_utf8(response.body), "the body is UTF-8", response.body);
    if (response.content_type == "application/xml") {
        test::RequestMemory memory;
        require(format::read_xml_members(response.body.substr(response.body.find("?>") + 2), memory)
                    .has_value(),
                "XML is well-formed", response.body);
    }
    const ResetAnswer::Verdict verdict = run.store().answer.verdict;
    const bool done =
        verdict == ResetAnswer::Verdict::done || verdict == ResetAnswer::Verdict::nothing;
    require((response.status == 200) == (done && !run.store().full_orders.empty()),
            "a success is one that happened");
    require(run.trace().result != Result::undecided, "every answer has a result");
}

void check(std::string_view input) {
    const Scene scene(input, "/users/2fa/reset", "");
    const foundry::Settings settings = settings_of(scene);
    const foundry::FoundryApi api(settings);
    const Run run(scene, api);
    judge_reset(scene, settings, run);
    if (run.response()) {
        judge_response(*run.response(), run);
    }
}

}  // namespace
}  // namespace mfa_reset::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mfa_reset::fuzz::check(mfa_reset::fuzz::view(data, size));
    return 0;
}
