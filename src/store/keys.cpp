// See keys.hpp.
#include "store/keys.hpp"

#include <algorithm>
#include <array>

namespace mfa_reset::store {

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

constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string_view fold(std::string_view text, SubjectCase subject_case, Memory& memory) {
    if (subject_case == SubjectCase::exact || text.empty()) {
        return text;
    }
    auto* folded = static_cast<char*>(memory.allocate(text.size(), 1));
    std::ranges::transform(text, folded, to_lower);
    return {folded, text.size()};
}

void append_encoded(std::pmr::string& out, std::string_view name) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (kPlain[byte]) {
            out += c;
        } else {
            out += '%';
            out += kDigits[byte >> 4U];
            out += kDigits[byte & 0xFU];
        }
    }
}

UserKeys user_keys(std::string_view prefix, const Subject& folded, Memory& memory) {
    constexpr std::string_view kEvents = ":events";
    std::pmr::string key{&memory};
    key.reserve(prefix.size() + folded.realm.size() + folded.user.size() + kEvents.size() + 16);
    key += prefix;
    key += '{';
    for (std::string_view realm = folded.realm; realm.size() > 1;) {
        const std::string_view segment = realm.substr(1, realm.find('/', 1) - 1);
        key += '/';
        append_encoded(key, segment);
        realm.remove_prefix(1 + segment.size());
    }
    key += '/';
    append_encoded(key, folded.user);
    key += '}';
    const std::size_t record_size = key.size();
    key += kEvents;
    const std::string_view events = copy(key, memory);
    return {events.substr(0, record_size), events};
}

std::string_view session_key(std::string_view prefix, std::string_view token_sha256,
                             Memory& memory) {
    std::pmr::string key{&memory};
    key.reserve(prefix.size() + 8 + token_sha256.size());
    key += prefix;
    key += "session:";
    key += token_sha256;
    return copy(key, memory);
}

}  // namespace mfa_reset::store
