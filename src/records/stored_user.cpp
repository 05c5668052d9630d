#include "records/stored_user.hpp"

#include <algorithm>

#include "format/text.hpp"
#include "format/utf8.hpp"
#include "http/percent.hpp"

namespace mfa_reset::records {

namespace {

constexpr std::size_t kMaxSubject = 1024;

/// The name that a segment encodes, or nullopt if it is not a name's encoding.
std::optional<std::string_view> decode_segment(std::string_view segment, Memory& memory) {
    const auto name = http::decode_percent(segment, http::Plus::literal, memory);
    if (!name || name->empty() || *name == "." || *name == ".." ||
        name->find('\0') != std::string_view::npos || !format::is_utf8(*name)) {
        return std::nullopt;
    }
    return name;
}

}  // namespace

std::optional<StoredUser> parse_stored_user(std::string_view text, SubjectCase subject_case,
                                            std::string_view prefix, Memory& memory) {
    constexpr std::string_view kEvents = ":events";
    if (!text.starts_with('/') || text.size() > kMaxSubject) {
        return std::nullopt;
    }
    format::Text key(memory, prefix.size() + 3 * text.size() + kEvents.size() + 2);
    key.append(prefix).append("{");
    std::string_view user;
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view segment = rest.substr(1, rest.find('/', 1) - 1);
        const auto name = decode_segment(segment, memory);
        if (!name) {
            return std::nullopt;
        }
        key.append("/");
        append_encoded(key, fold(*name, subject_case, memory));
        user = *name;
        rest.remove_prefix(1 + segment.size());
    }
    key.append("}");
    const std::size_t record_size = key.view().size();
    const std::string_view events = key.append(kEvents).view();
    const std::string_view realm = text.substr(0, std::max<std::size_t>(text.rfind('/'), 1));
    return StoredUser{{realm, user}, {events.substr(0, record_size), events}};
}

}  // namespace mfa_reset::records
