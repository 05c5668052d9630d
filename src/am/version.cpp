// The grammar, of the whole value:
//
//     item [ blanks "," blanks item ]       where the items are not of the same kind
//     item = ( "protocol" | "resource" ) "=" number [ "." number ]
#include "am/version.hpp"

#include <algorithm>

#include "format/ascii.hpp"
#include "format/text.hpp"

namespace mfa_reset::am {

namespace {

/// Digits only, up to Java's largest int.
std::optional<std::uint32_t> parse_number(std::string_view text) noexcept {
    constexpr std::uint64_t kMax = 2147483647;
    std::uint64_t number = 0;
    for (const char digit : text) {
        if (!format::is_digit(digit)) {
            return std::nullopt;
        }
        number = number * 10 + static_cast<std::uint64_t>(digit - '0');
        if (number > kMax) {
            return std::nullopt;
        }
    }
    return text.empty() ? std::nullopt : std::optional(static_cast<std::uint32_t>(number));
}

std::optional<Version> parse_version(std::string_view text) noexcept {
    const std::size_t dot = text.find('.');
    const auto major = parse_number(text.substr(0, dot));
    const auto minor = dot == std::string_view::npos ? std::optional<std::uint32_t>(0)
                                                     : parse_number(text.substr(dot + 1));
    return major && minor ? std::optional<Version>({*major, *minor}) : std::nullopt;
}

/// False where `item` is none, or of a kind that was there before.
bool parse_item(std::string_view item, AcceptedVersions& versions) noexcept {
    constexpr std::string_view kProtocol = "protocol=";
    constexpr std::string_view kResource = "resource=";
    std::optional<Version>* version = nullptr;
    if (item.starts_with(kProtocol)) {
        version = &versions.protocol;
    } else if (item.starts_with(kResource)) {
        version = &versions.resource;
    } else {
        return false;
    }
    static_assert(kProtocol.size() == kResource.size());
    if (*version) {
        return false;
    }
    *version = parse_version(item.substr(kProtocol.size()));
    return version->has_value();
}

}  // namespace

std::optional<AcceptedVersions> parse_versions(std::string_view value) noexcept {
    AcceptedVersions versions;
    if (value.empty()) {
        return versions;
    }
    const std::size_t comma = value.find(',');
    if (comma == std::string_view::npos) {
        return parse_item(value, versions) ? std::optional(versions) : std::nullopt;
    }
    // Blanks are allowed beside the comma, not at the ends.
    std::string_view first = value.substr(0, comma);
    std::string_view second = value.substr(comma + 1);
    first = first.substr(0, first.find_last_not_of(" \t") + 1);
    second.remove_prefix(std::min(second.find_first_not_of(" \t"), second.size()));
    const bool good = parse_item(first, versions) && parse_item(second, versions);
    return good ? std::optional(versions) : std::nullopt;
}

std::string_view to_text(Version version, Memory& memory) {
    format::Text text(memory);
    return text.append_number(version.major).append(".").append_number(version.minor).view();
}

}  // namespace mfa_reset::am
