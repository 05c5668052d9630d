#include "auth/basic.hpp"

#include <algorithm>

#include "auth/base64.hpp"
#include "format/ascii.hpp"

namespace mfa_reset::auth {

std::optional<BasicCredentials> parse_basic(std::string_view authorization, Memory& memory) {
    constexpr std::string_view kScheme = "Basic ";
    if (!format::equal_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) {
        return std::nullopt;
    }
    authorization.remove_prefix(kScheme.size());
    const std::size_t first = std::min(authorization.find_first_not_of(' '), authorization.size());
    const std::string_view encoded = authorization.substr(first);
    if (encoded.empty() || encoded.size() > kMaxBasic) {
        return std::nullopt;
    }
    const std::size_t room = base64_room(encoded);
    auto* const bytes =
        static_cast<unsigned char*>(memory.allocate(std::max<std::size_t>(room, 1), 1));
    const auto size = decode_base64(encoded, {bytes, room});
    if (!size) {
        return std::nullopt;
    }
    const std::string_view text{reinterpret_cast<const char*>(bytes), *size};
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size() ||
        std::any_of(text.begin(), text.end(), format::is_control)) {
        return std::nullopt;
    }
    return BasicCredentials{text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace mfa_reset::auth
