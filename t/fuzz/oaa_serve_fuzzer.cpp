// The whole OAA API, from query, `Accept` and `Authorization` to the answer, with a store that
// answers as it likes. scene.hpp says what an input is; the API's own words for `set` are exact and
// more, which adds ChallengeVoice.
#include <algorithm>

#include "oaa/api.hpp"
#include "oaa_fake_store.hpp"
#include "response_rules.hpp"
#include "scene.hpp"

namespace mfa_reset::fuzz {
namespace {

constexpr std::string_view kKey = "AQIC-fuzz-key-1";
/// `portal:` and the key.
constexpr std::string_view kCredentials = "cG9ydGFsOkFRSUMtZnV6ei1rZXktMQ==";

oaa::Settings settings_of(const Scene& scene) {
    auto users = auth::BasicUsers::read("portal:{PLAIN}" + std::string(kKey));
    oaa::Settings settings{.users = std::get<auth::BasicUsers>(std::move(users))};
    settings.subject_case = scene.is_set("exact") ? SubjectCase::exact : SubjectCase::ascii;
    if (scene.is_set("more")) {
        settings.more_types.emplace_back("ChallengeVoice");
    }
    return settings;
}

std::vector<std::string> headers_of(const Scene& scene, std::string_view name) {
    std::vector<std::string> values;
    for (const Header& header : scene.request().headers) {
        if (lower(header.name) == name) {
            values.emplace_back(header.value);
        }
    }
    return values;
}

bool may_call(const Scene& scene) {
    const auto values = headers_of(scene, "authorization");
    const auto parts =
        values.size() == 1 ? match("[Bb][Aa][Ss][Ii][Cc] +([^ ]+)", values[0]) : std::nullopt;
    return parts && (*parts)[1] == kCredentials;
}

/// The one value of a parameter; nothing where there is another number of them, or none that can be
/// decoded.
std::optional<std::string> parameter(const Scene& scene, std::string_view name) {
    std::vector<std::optional<std::string>> values;
    for (const std::string& pair : split(scene.request().query, '&')) {
        const std::size_t equals = std::min(pair.find('='), pair.size());
        if (percent_decoded(pair.substr(0, equals), true) == std::optional<std::string>(name)) {
            const std::string value = pair.substr(std::min(equals + 1, pair.size()));
            values.push_back(percent_decoded(value, true));
        }
    }
    return values.size() == 1 ? values[0] : std::nullopt;
}

bool has_good_parameters(const Scene& scene) {
    const auto type = parameter(scene, "challengeType");
    const auto context = parameter(scene, "contextId");
    if (!type || !context || context->find('\0') != std::string::npos ||
        type->find('\0') != std::string::npos) {
        return false;
    }
    const char* const types = scene.is_set("more") ? "Challenge(Email|SMS|OMATOTP|YOTP|FIDO2|Voice)"
                                                   : "Challenge(Email|SMS|OMATOTP|YOTP|FIDO2)";
    return match(types, *type) && match("[A-Za-z0-9._~-]{1,128}", *context);
}

/// The answers to what comes before `Accept`; 0: it gets that far.
int early_status(const Scene& scene) {
    if (!may_call(scene)) {
        return 401;
    }
    const std::string_view method = scene.request().method;
    return method == "OPTIONS" ? 200 : method == "DELETE" ? 0 : 405;
}

int store_status(StoreSays::Verdict verdict) {
    using Verdict = StoreSays::Verdict;
    switch (verdict) {
        case Verdict::done:
        case Verdict::nothing:
        case Verdict::no_record: return 200;
        case Verdict::unknown: return 404;
        case Verdict::unavailable:
        case Verdict::uncertain: return 503;
        default: return 500;
    }
}

/// What cannot be said of a challenge is a wrong answer.
oaa::ResetAnswer answer_of(const StoreSays& says) {
    using Said = StoreSays::Verdict;
    using Verdict = oaa::ResetAnswer::Verdict;
    const Subject target{says.caller_realm, says.caller_user};
    switch (says.verdict) {
        case Said::done: return {{}, Verdict::done, target};
        case Said::nothing: return {{}, Verdict::nothing, target};
        case Said::no_record: return {{}, Verdict::no_record, target};
        case Said::unknown: return {{}, Verdict::unknown, target};
        case Said::unavailable:
        case Said::uncertain: return {says.failure(), {}, target};
        default: return {kWrongReply, {}, target};
    }
}

/// The status is the one of the first check that fails.
void judge_status(const Scene& scene, bool asked, int status) {
    const int early = early_status(scene);
    if (early != 0) {
        require(status == early && !asked, "credentials first, then the method");
    } else if (status != 406) {
        const bool large = scene.is_set("too_large");
        const bool good = has_good_parameters(scene);
        require(asked == (!large && good), "the store is asked about good parameters");
        const int wanted = large ? 413 : good ? store_status(scene.answer().verdict) : 404;
        require(status == wanted, "the status is the one of the first check that fails");
    } else {
        require(!asked && !headers_of(scene, "accept").empty(), "406 is about Accept");
    }
}

/// The wrapper of the type holds the status, and the type is what a plain `Accept` asks for.
void judge_form(const Scene& scene, const Response& response) {
    const Json json = judge_answer(response);
    const std::string code = std::to_string(response.status);
    if (json != nullptr) {
        require(text_member(json, "responseCode") == code, "the code is the status", response.body);
    } else if (response.content_type == "application/xml") {
        require(response.body.find("<responseCode>" + code + "</responseCode>") !=
                    std::string_view::npos,
                "the code is the status", response.body);
    }
    const auto accepts = headers_of(scene, "accept");
    const bool plain = accepts.size() == 1 &&
                       match("application/json|application/xml|text/plain", lower(accepts[0]));
    require(!plain || response.status != 406, "a type of ours is acceptable");
    if (!response.content_type.empty() && (plain || accepts.empty())) {
        const std::string wanted = accepts.empty() ? "application/json" : lower(accepts[0]);
        require(response.content_type.starts_with(wanted), "the type is the one asked for",
                response.content_type);
    }
}

void check(std::string_view input) {
    const Scene scene(input, "/oaa/runtime/challengecounter/v1", "");
    test::FakeOaaStore store;
    store.answer = answer_of(scene.answer());
    store.suspends = scene.suspends();
    const oaa::OaaApi api(settings_of(scene), store);
    const SceneRun run(scene, api);
    for (const oaa::ResetOrder& order : store.orders) {
        require(store.orders.size() == 1, "one order");
        require(order.caller == "portal", "the caller is who has the key", order.caller);
        require(order.type == parameter(scene, "challengeType"), "the type of the request");
        require(order.context == parameter(scene, "contextId"), "the context of the request");
    }
    judge_secret(kKey, input, run);
    if (!run.response()) {
        require(scene.memory() || scene.is_set("leave"), "there is an answer");
        return;
    }
    judge_status(scene, !store.orders.empty(), run.response()->status);
    judge_form(scene, *run.response());
}

}  // namespace
}  // namespace mfa_reset::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mfa_reset::fuzz::check(mfa_reset::fuzz::view(data, size));
    return 0;
}
