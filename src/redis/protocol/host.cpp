#include "redis/protocol/host.hpp"

#include <algorithm>

namespace mfa_reset::redis {

namespace {

bool is_of_host(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{".-_:%"}.find(c) != std::string_view::npos;
}

}  // namespace

bool is_host(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, is_of_host);
}

bool is_announced_host(std::string_view text) noexcept {
    constexpr std::size_t kLongest = 255;
    return text.size() <= kLongest && is_host(text);
}

}  // namespace mfa_reset::redis
