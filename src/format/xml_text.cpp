// See xml_text.hpp.
#include "format/xml_text.hpp"

#include <array>
#include <charconv>
#include <cstdint>

#include "format/text.hpp"
#include "format/utf8.hpp"

namespace mfa_reset::format {

namespace {

/// Room for one character in UTF-8.
using Room = std::array<char, 4>;

/// What the digits of `&#...;` stand for; empty where that is no character.
std::string_view character_of(std::string_view digits, Room& room) noexcept {
    const int base = digits.starts_with('x') ? 16 : 10;
    digits.remove_prefix(base == 16 ? 1 : 0);
    std::uint32_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number, base);
    if (error != std::errc{} || stop != end) {
        return {};
    }
    const std::string_view character(room.data(), encode_utf8(number, room.data()));
    return !character.empty() && is_xml_character(character) ? character : std::string_view{};
}

/// What `&name;` stands for; empty where that is nothing.
std::string_view expansion_of(std::string_view name, Room& room) noexcept {
    struct Entity {
        std::string_view name;
        std::string_view text;
    };
    constexpr std::array<Entity, 5> kPredefined{
        {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}}};
    if (name.starts_with('#')) {
        return character_of(name.substr(1), room);
    }
    for (const auto& entity : kPredefined) {
        if (entity.name == name) {
            return entity.text;
        }
    }
    return {};
}

}  // namespace

bool is_xml_text(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t size = utf8_character(text);
        if (size == 0 || !is_xml_character(text.substr(0, size))) {
            return false;
        }
        text.remove_prefix(size);
    }
    return true;
}

std::optional<std::string_view> expand_xml(std::string_view text, Memory& memory) {
    std::size_t reference = text.find('&');
    if (reference == std::string_view::npos) {
        return text;
    }
    Text expanded(memory, text.size());
    while (reference != std::string_view::npos) {
        expanded.append(text.substr(0, reference));
        text.remove_prefix(reference + 1);
        const std::size_t end = text.find(';');
        Room room{};
        const std::string_view expansion = expansion_of(text.substr(0, end), room);
        if (end == std::string_view::npos || expansion.empty()) {
            return std::nullopt;
        }
        expanded.append(expansion);
        text.remove_prefix(end + 1);
        reference = text.find('&');
    }
    return expanded.append(text).view();
}

}  // namespace mfa_reset::format
