// The request's headers that mean something here, collected in one pass.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "mfa_reset/message.hpp"

namespace mfa_reset::am {

enum class HeaderId : std::uint8_t {
    if_match,
    content_type,
    if_none_match,
    requested_with,
    if_modified_since,
    accept_api_version,
    if_unmodified_since,
    method_override,
};

class Headers {
public:
    /// `token_name`: of the cookie and of the header that carry the SSO token.
    Headers(std::span<const Header> headers, std::string_view token_name) noexcept;

    /// The first header of that name.
    std::optional<std::string_view> get(HeaderId id) const noexcept {
        return values_[static_cast<std::size_t>(id)];
    }
    /// The same, where an empty header is as good as none.
    std::string_view value(HeaderId id) const noexcept {
        return get(id).value_or(std::string_view{});
    }
    /// The caller's token: the cookie's, and only where there is none, the header's.
    std::string_view token() const noexcept {
        constexpr std::string_view kNone;
        return token_in_cookie() ? *cookie_ : header_token_.value_or(kNone);
    }
    bool token_in_cookie() const noexcept { return cookie_ && !cookie_->empty(); }

private:
    static constexpr std::size_t kCount = static_cast<std::size_t>(HeaderId::method_override) + 1;

    void collect(const Header& header, std::string_view token_name) noexcept;

    std::array<std::optional<std::string_view>, kCount> values_{};
    std::optional<std::string_view> cookie_;
    std::optional<std::string_view> header_token_;
};

}  // namespace mfa_reset::am
