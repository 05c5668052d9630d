#include "records/keys.hpp"

#include <algorithm>
#include <array>

namespace mfa_reset::records {

namespace {

constexpr std::array<bool, 256> make_plain_characters() {
    std::array<bool, 256> plain{};
    for (const char c :
         std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~@+-"}) {
        plain[static_cast<unsigned char>(c)] = true;
    }
    return plain;
}

constexpr std::array<bool, 256> kPlain = make_plain_characters();

}  // namespace

void append_encoded(format::Text& out, std::string_view name) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    while (!name.empty()) {
        const auto* const special = std::ranges::find_if(
            name, [](char c) { return !kPlain[static_cast<unsigned char>(c)]; });
        const auto plain = static_cast<std::size_t>(special - name.begin());
        out.append(name.substr(0, plain));
        name.remove_prefix(plain);
        if (!name.empty()) {
            const auto byte = static_cast<unsigned char>(name.front());
            const std::array<char, 3> encoded{'%', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
            out.append({encoded.data(), encoded.size()});
            name.remove_prefix(1);
        }
    }
}

UserKeys user_keys(std::string_view prefix, const Subject& folded, Memory& memory) {
    constexpr std::string_view kEvents = ":events";
    constexpr std::string_view kMarks = "{//}";
    format::Text key(memory, prefix.size() + folded.realm.size() + folded.organisation.size() +
                                 folded.user.size() + kMarks.size() + kEvents.size());
    key.append(prefix).append("{");
    for (std::string_view realm = folded.realm; realm.size() > 1;) {
        const std::string_view segment = realm.substr(1, realm.find('/', 1) - 1);
        key.append("/");
        append_encoded(key, segment);
        realm.remove_prefix(1 + segment.size());
    }
    if (!folded.organisation.empty()) {
        key.append("/");
        append_encoded(key, folded.organisation);
    }
    key.append("/");
    append_encoded(key, folded.user);
    key.append("}");
    const std::size_t record_size = key.view().size();
    const std::string_view events = key.append(kEvents).view();
    return {events.substr(0, record_size), events};
}

}  // namespace mfa_reset::records
