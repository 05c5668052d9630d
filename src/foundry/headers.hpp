// The request's headers that mean something here, collected in one pass.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "http/content_encoding.hpp"
#include "http/headers.hpp"
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

inline constexpr std::array kKnownHeaders{
    http::KnownHeader{"Host", HeaderId::host},
    http::KnownHeader{"Origin", HeaderId::origin},
    http::KnownHeader{"ss-opt", HeaderId::session_options},
    http::KnownHeader{"X-ss-id", HeaderId::session_id},
    http::KnownHeader{"X-ss-pid", HeaderId::permanent_session_id},
    http::KnownHeader{"X-ss-opt", HeaderId::session_options},
    http::KnownHeader{"Content-Type", HeaderId::content_type},
    http::KnownHeader{"Authorization", HeaderId::authorization},
    http::KnownHeader{"X-Requested-With", HeaderId::requested_with},
    http::KnownHeader{"X-Http-Method-Override", HeaderId::method_override},
};

class Headers : public http::KnownHeaders<HeaderId, kKnownHeaders> {
public:
    explicit Headers(std::span<const Header> headers) noexcept;

    /// The first cookie of that name that is not empty, as sent, without quotes; empty: none.
    std::string_view cookie(CookieId id) const noexcept {
        return cookies_[static_cast<std::size_t>(id)];
    }

    std::string_view media_type() const noexcept {
        return http::media_type(value(HeaderId::content_type));
    }

    http::ContentEncoding content_encoding() const noexcept { return content_encoding_; }

    std::span<const Header> all() const noexcept { return all_; }

private:
    std::span<const Header> all_;
    http::ContentEncoding content_encoding_;
    std::array<std::string_view, static_cast<std::size_t>(CookieId::token) + 1> cookies_{};
};

}  // namespace mfa_reset::foundry
