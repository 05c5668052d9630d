// See response_rules.hpp.
#include "response_rules.hpp"

#include <set>

namespace mfa_reset::fuzz {

namespace {

void judge_headers(const Response& response) {
    constexpr std::string_view kNameLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    std::set<std::string> seen{"content-type", "content-length"};
    for (const Header& header : response.headers()) {
        require(lower(header.name).find_first_not_of(kNameLetters) == std::string::npos,
                "a header's name", header.name);
        require(is_printable(header.value), "a header's value is printable", header.value);
        require(seen.insert(lower(header.name)).second, "a header is there once", header.name);
    }
    require(is_printable(response.content_type), "the type is printable", response.content_type);
}

Json read_json(std::string_view body) {
    json_error_t error{};
    Json json(json_loadb(body.data(), body.size(),
                         JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error),
              &json_decref);
    require(json != nullptr, "the body is JSON", body);
    require(is_utf8(body), "the body is UTF-8", body);
    return json;
}

}  // namespace

Json judge_answer(const Response& response) {
    require(response.status >= 200 && response.status <= 599, "a status");
    judge_headers(response);
    if (!response.body.empty() && response.content_type.starts_with("application/json")) {
        return read_json(response.body);
    }
    if (response.content_type.empty() || response.content_type.starts_with("text/plain")) {
        require(is_printable(response.body), "a text is printable", response.body);
    }
    return {nullptr, &json_decref};
}

std::string_view text_member(const Json& json, const char* name) {
    const json_t* const member = json_object_get(json.get(), name);
    return json_is_string(member)
               ? std::string_view(json_string_value(member), json_string_length(member))
               : std::string_view{};
}

void judge_secret(std::string_view secret, std::string_view input, const SceneRun& run) {
    constexpr std::size_t kShort = 12;
    const bool marked = secret.size() >= kShort && secret.find(kMark) != std::string_view::npos;
    if (!marked || input.find(secret) != input.rfind(secret)) {
        return;
    }
    const auto hidden = [secret](std::string_view text) {
        require(text.find(secret) == std::string_view::npos, "a token is shown to nobody", text);
    };
    const Trace& trace = run.trace();
    for (const std::string_view text : {trace.api, trace.action, trace.caller, trace.realm,
                                        trace.target, trace.request, trace.reason}) {
        hidden(text);
    }
    if (run.response()) {
        hidden(run.response()->body);
        for (const Header& header : run.response()->headers()) {
            hidden(header.value);
        }
    }
}

}  // namespace mfa_reset::fuzz
