#include "am/session_info.hpp"

#include <algorithm>
#include <chrono>

#include "am/decision.hpp"
#include "am/devices/items.hpp"
#include "format/json.hpp"
#include "format/text.hpp"

namespace mfa_reset::am {

namespace {

/// `{}`, or with the level.
std::string_view write_properties(std::string_view level, bool pretty, Memory& memory) {
    if (level.empty()) {
        return pretty ? "{ }" : "{}";
    }
    const std::string_view json = to_json(level, memory);
    return pretty ? format::concat(memory, "{\n    \"AuthLevel\" : ", json, "\n  }")
                  : format::concat(memory, "{\"AuthLevel\":", json, "}");
}

std::string_view write_session(const StoredSession& session, bool pretty, Memory& memory) {
    const std::string_view end = to_time(session.end, memory);
    const std::string_view id = session.universal_id.empty()
                                    ? format::concat(memory, "id=", session.user)
                                    : session.universal_id;
    format::Text text(memory);
    format::JsonObject(text, pretty)
        .string("username", session.user)
        .string("universalId", id)
        .string("realm", session.realm)
        .string("latestAccessTime", to_time(session.now, memory))
        .string("maxIdleExpirationTime", end)
        .string("maxSessionExpirationTime", end)
        .json("properties", write_properties(session.level, pretty, memory))
        .end();
    return text.view();
}

/// A session with a NUL in a name does not count: in an answer of the store its names could pass
/// for others. Acts have the same rule.
bool is_session(const StoredSession& session) noexcept {
    return session.found && session.user.find('\0') == std::string_view::npos &&
           session.realm.find('\0') == std::string_view::npos;
}

}  // namespace

Task<Response> tell_session(const ParsedRequest& request, Store& store, Services& services) {
    Trace& trace = services.trace();
    auto finding = store.find_session(request.headers.token(), services);
    const StoredSession session = co_await finding;
    if (session.failure) {
        co_return refused(refuse_failure(*session.failure, request, false), request, trace);
    }
    if (!is_session(session)) {
        co_return refused(kNoSession, request, trace);
    }
    describe_caller({session.user, session.realm, session.universal_id}, trace, request.memory);
    if (!request.version_served()) {
        co_return refused(refuse_version(request), request, trace);
    }
    trace.result = Result::ok;
    const std::string_view version = format::concat(
        request.memory, "resource=", to_text(request.session_version(), request.memory));
    co_return respond(write_session(session, request.manner.pretty, request.memory), version,
                      request.manner);
}

std::string_view to_time(std::int64_t seconds, Memory& memory) {
    using namespace std::chrono;
    constexpr std::int64_t kLast = 253402300799;
    const sys_seconds time{std::chrono::seconds{seconds < 0 ? kLast : std::min(seconds, kLast)}};
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    format::Text text(memory, std::string_view("0000-00-00T00:00:00Z").size());
    const auto append = [&text](std::string_view before, unsigned long number) {
        text.append(before).append(number < 10 ? "0" : "").append_number(number);
    };
    append("", static_cast<unsigned long>(static_cast<int>(date.year())));
    append("-", static_cast<unsigned>(date.month()));
    append("-", static_cast<unsigned>(date.day()));
    append("T", static_cast<unsigned long>(clock.hours().count()));
    append(":", static_cast<unsigned long>(clock.minutes().count()));
    append(":", static_cast<unsigned long>(clock.seconds().count()));
    return text.append("Z").view();
}

}  // namespace mfa_reset::am
