#include "auth/bearer.hpp"

#include "format/ascii.hpp"

namespace mfa_reset::auth {

std::optional<std::string_view> find_bearer(std::string_view authorization) noexcept {
    constexpr std::string_view kBearer = "Bearer";
    const std::string_view scheme = authorization.substr(0, authorization.find(' '));
    if (!format::equal_ignoring_case(scheme, kBearer)) {
        return std::nullopt;
    }
    return format::trim_blanks(authorization.substr(scheme.size()));
}

bool is_bearer_token(std::string_view text) noexcept {
    constexpr std::string_view kCharacters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~+/-";
    if (text.size() > kMaxBearer) {
        return false;
    }
    const std::size_t end = text.find_first_not_of(kCharacters);
    return end == std::string_view::npos
               ? !text.empty()
               : end > 0 && text.find_first_not_of('=', end) == std::string_view::npos;
}

}  // namespace mfa_reset::auth
