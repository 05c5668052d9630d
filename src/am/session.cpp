#include "am/session.hpp"

#include <jansson.h>

#include <algorithm>

#include "am/correlation.hpp"
#include "am/realms.hpp"
#include "format/json.hpp"
#include "format/json_tree.hpp"
#include "format/text.hpp"

namespace mfa_reset::am {

namespace {

using std::chrono::sys_seconds;

std::string_view text_of(const json_t* object, const char* name) noexcept {
    return format::json_view(json_object_get(object, name));
}

/// The digits `text[at…at+count)` as a number; negative where they are none.
int number_at(std::string_view text, std::size_t at, std::size_t count) noexcept {
    int number = 0;
    for (const char digit : text.substr(at, count)) {
        if (digit < '0' || digit > '9') {
            return -1;
        }
        number = number * 10 + (digit - '0');
    }
    return number;
}

/// `Z`, or a fraction of a second before it.
bool is_end_of_time(std::string_view text) noexcept {
    if (text.starts_with('.')) {
        const std::size_t end = text.find_first_not_of("0123456789", 1);
        text.remove_prefix(end != std::string_view::npos && end > 1 ? end : 0);
    }
    return text == "Z";
}

/// `2026-11-23T01:02:03Z`, with any fraction of a second, as AM writes times.
std::optional<sys_seconds> parse_time(std::string_view text) noexcept {
    using namespace std::chrono;
    constexpr std::string_view kForm = "0000-00-00T00:00:00";
    if (text.size() <= kForm.size() || !is_end_of_time(text.substr(kForm.size()))) {
        return std::nullopt;
    }
    for (std::size_t at = 0; at < kForm.size(); ++at) {
        if (kForm[at] != '0' && text[at] != kForm[at]) {
            return std::nullopt;
        }
    }
    const year_month_day date{year{number_at(text, 0, 4)},
                              month{static_cast<unsigned>(number_at(text, 5, 2))},
                              day{static_cast<unsigned>(number_at(text, 8, 2))}};
    const int hour = number_at(text, 11, 2);
    const int minute = number_at(text, 14, 2);
    const int second = number_at(text, 17, 2);
    const auto within = [](int number, int most) { return number >= 0 && number <= most; };
    if (!date.ok() || number_at(text, 0, 4) < 0 || !within(hour, 23) || !within(minute, 59) ||
        !within(second, 60)) {
        return std::nullopt;
    }
    return sys_days{date} + hours{hour} + minutes{minute} + seconds{second};
}

/// The earlier of the two ends that a session has. Of these the idle one may be missing: not every
/// session can idle out. A time that cannot be read is as good as no time at all.
std::optional<sys_seconds> end_of(const json_t* info) noexcept {
    const auto last = parse_time(text_of(info, "maxSessionExpirationTime"));
    if (!last || json_object_get(info, "maxIdleExpirationTime") == nullptr) {
        return last;
    }
    const auto idle = parse_time(text_of(info, "maxIdleExpirationTime"));
    return idle ? std::optional(std::min(*last, *idle)) : std::nullopt;
}

/// The authentication level: AM says it as a number or as text, among the session's properties if
/// its whitelist has it. Empty: it is not said, or is neither.
std::string_view level_of(const json_t* info, Memory& memory) {
    const json_t* level = json_object_get(json_object_get(info, "properties"), "AuthLevel");
    level = level != nullptr ? level : json_object_get(info, "authLevel");
    if (format::is_integer(level) && json_integer_value(level) >= 0) {
        return format::Text(memory)
            .append_number(static_cast<unsigned long>(json_integer_value(level)))
            .view();
    }
    return copy(format::json_view(level), memory);
}

bool has_nul(std::string_view text) noexcept { return text.find('\0') != std::string_view::npos; }

Session known(const Caller& caller) noexcept { return {Session::State::known, caller, {}}; }

Session unknown(std::string_view why) noexcept { return {Session::State::unknown, {}, why}; }

/// What parse_session_info() reads of it.
std::string_view to_text(const Caller& caller, Memory& memory) {
    constexpr std::size_t kRoom = 64;
    format::Text text(memory, kRoom + caller.user.size() + caller.realm.size() +
                                  caller.universal_id.size() + caller.level.size());
    format::JsonObject object(text, false);
    object.string("username", caller.user)
        .string("realm", caller.realm)
        .string("universalId", caller.universal_id);
    if (!caller.level.empty()) {
        object.string("authLevel", caller.level);
    }
    object.end();
    return text.view();
}

/// How long AM's word may be remembered: never past the session's own end.
std::chrono::milliseconds lifetime_of(const SessionInfo& info,
                                      std::chrono::milliseconds longest) noexcept {
    if (!info.ends) {
        return std::chrono::milliseconds{0};
    }
    return time_until(*info.ends, longest);
}

Task<FetchAnswer> ask_am(const ParsedRequest& request, Services& services) {
    const Settings& settings = request.settings;
    const SessionQuestion& question = settings.session.question;
    CarriedHeaders headers(request.headers, request.raw.headers, settings.cookie, request.memory);
    headers.add("Accept-API-Version",
                format::concat(request.memory, "resource=", question.version, ", protocol=1.0"));
    headers.add("Content-Type", "application/json");
    const FetchOrder order{.uri = question.uri, .headers = headers.view(), .body = "{}"};
    auto fetching = services.fetcher().fetch(order, services);
    co_return co_await fetching;
}

}  // namespace

std::string_view why_unknown(std::string_view sentence, int status, Memory& memory) {
    if (status == 0) {
        return sentence;
    }
    format::Text text(memory);
    text.append(sentence).append(": it answered ").append_number(static_cast<unsigned>(status));
    return text.view();
}

std::chrono::milliseconds time_until(sys_seconds end, std::chrono::milliseconds longest) noexcept {
    using namespace std::chrono;
    // In seconds: nanoseconds do not reach to the year 9999, which stands for never.
    const seconds left = end - ceil<seconds>(system_clock::now());
    return std::clamp(milliseconds{left}, milliseconds{0}, longest);
}

std::optional<SessionInfo> parse_session_info(std::string_view body, Memory& memory) {
    constexpr std::size_t kMaxDepth = 64;
    const auto info = format::parse_json(body, kMaxDepth, format::JsonDuplicates::refused);
    const json_t* const valid = json_object_get(info.get(), "valid");
    if (json_is_false(valid)) {
        return SessionInfo{.valid = false};
    }
    const std::string_view user = text_of(info.get(), "username");
    const std::string_view realm = text_of(info.get(), "realm");
    const std::string_view id = text_of(info.get(), "universalId");
    const bool may_be_valid = valid == nullptr || json_is_true(valid);
    // What is no object has no members.
    if (!may_be_valid || user.empty() || !is_realm_path(realm) || has_nul(user) || has_nul(id)) {
        return std::nullopt;
    }
    return SessionInfo{
        true,
        {copy(user, memory), copy(realm, memory), copy(id, memory), level_of(info.get(), memory)},
        end_of(info.get())};
}

Task<Session> find_session(const ParsedRequest& request, Store& store, Services& services) {
    const SessionSource& source = request.settings.session;
    const std::string_view token = request.headers.token();
    const bool cached = source.cache.count() > 0;
    if (cached) {
        auto recalling = store.recall_session(token, services);
        const std::string_view text = co_await recalling;
        if (const auto info = parse_session_info(text, services.memory())) {
            co_return known(info->caller);  // only what is valid was remembered
        }
    }
    auto asking = ask_am(request, services);
    const FetchAnswer answer = co_await asking;
    if (answer.status == 401) {
        co_return Session{Session::State::none, {}, {}};
    }
    if (answer.status != 200) {
        co_return unknown(
            why_unknown("AM did not say whose session it is", answer.status, services.memory()));
    }
    const auto info = parse_session_info(answer.body, services.memory());
    if (!info) {
        co_return unknown("AM's answer is not about a user's session");
    }
    if (!info->valid) {
        co_return Session{Session::State::none, {}, {}};
    }
    const auto lifetime = lifetime_of(*info, source.cache);
    if (lifetime.count() > 0) {
        const std::string_view text = to_text(info->caller, services.memory());
        auto remembering = store.remember_session(token, text, lifetime, services);
        (void)co_await remembering;  // without it AM is asked again, no more
    }
    co_return known(info->caller);
}

}  // namespace mfa_reset::am
