// The request's headers that mean something here, collected in one pass.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "mfa_reset/message.hpp"

namespace mfa_reset::foundry {

enum class HeaderId : std::uint8_t {
    host,
    origin,
    content_type,
    authorization,
    requested_with,
    method_override,
    session_id,            ///< X-ss-id
    permanent_session_id,  ///< X-ss-pid
    session_options,       ///< ss-opt or X-ss-opt
};

enum class CookieId : std::uint8_t {
    session_id,            ///< ss-id
    permanent_session_id,  ///< ss-pid
    session_options,       ///< ss-opt
    token,                 ///< ss-tok
};

class Headers {
public:
    explicit Headers(std::span<const Header> headers) noexcept;

    /// The first header of that name.
    std::optional<std::string_view> get(HeaderId id) const noexcept {
        return values_[static_cast<std::size_t>(id)];
    }
    /// The same, where an empty header is as good as none.
    std::string_view value(HeaderId id) const noexcept {
        return get(id).value_or(std::string_view{});
    }
    /// The first cookie of that name that is not empty, as sent, without quotes; empty: none.
    std::string_view cookie(CookieId id) const noexcept {
        return cookies_[static_cast<std::size_t>(id)];
    }

    /// `application/json` of `Content-Type: application/json; charset=utf-8`.
    std::string_view media_type() const noexcept;

    std::span<const Header> all() const noexcept { return all_; }

private:
    static constexpr std::size_t kCount = static_cast<std::size_t>(HeaderId::session_options) + 1;

    void collect(const Header& header) noexcept;

    std::span<const Header> all_;
    std::array<std::optional<std::string_view>, kCount> values_{};
    std::array<std::string_view, static_cast<std::size_t>(CookieId::token) + 1> cookies_{};
};

}  // namespace mfa_reset::foundry
