// See event_words.hpp.
#include "store/event_words.hpp"

#include "format/text.hpp"
#include "store/call_parts.hpp"

namespace mfa_reset::store {

namespace {

std::string_view text_of(std::size_t number, Memory& memory) {
    return format::concat(memory, Decimal(static_cast<std::int64_t>(number)).text());
}

}  // namespace

std::pmr::vector<std::string_view> event_words(const StoreSettings& settings, const UserKeys& user,
                                               std::string_view session, const EventParts& event,
                                               std::size_t more, Memory& memory) {
    constexpr std::string_view kCounts = "01234";
    const std::string_view stream = settings.events_stream;
    const std::size_t keys = 2U + (session.empty() ? 0U : 1U) + (stream.empty() ? 0U : 1U);
    std::pmr::vector<std::string_view> words{&memory};
    words.reserve(3 + keys + 5 + more);
    words.assign({{}, {}, kCounts.substr(keys, 1), user.record, user.events});
    for (const std::string_view key : {session, stream}) {
        if (!key.empty()) {
            words.push_back(key);
        }
    }
    const std::size_t all = stream.empty() ? 0 : settings.events_stream_length;
    words.insert(words.end(), {text_of(settings.events_length, memory), text_of(all, memory),
                               event.api, event.remote_address, event.request});
    return words;
}

}  // namespace mfa_reset::store
