#include "am/settings.hpp"

#include <algorithm>

#include "am/version.hpp"
#include "format/ascii.hpp"

namespace mfa_reset::am {

bool is_resource_version(std::string_view text) {
    const auto accepted = parse_versions("resource=" + std::string{text});
    return !text.empty() && accepted && accepted->resource && !accepted->protocol;
}

bool is_scope(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return c > ' ' && c < 0x7F && c != '"' && c != '\\';
    });
}

bool is_whole_id(std::string_view name) noexcept {
    constexpr std::string_view kId = "id=";
    return format::equal_ignoring_case(name.substr(0, kId.size()), kId) &&
           name.find(',') != std::string_view::npos;
}

}  // namespace mfa_reset::am
