// The request's headers that mean something here, collected in one pass.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "http/headers.hpp"
#include "mfa_reset/message.hpp"

namespace mfa_reset::am {

enum class HeaderId : std::uint8_t {
    if_match,
    content_type,
    if_none_match,
    requested_with,
    if_modified_since,
    accept_api_version,
    authorization,
    if_unmodified_since,
    method_override,
    traceparent,
    tracestate,
    transaction_id,
};

inline constexpr std::array kKnownHeaders{
    http::KnownHeader{"If-Match", HeaderId::if_match},
    http::KnownHeader{"Content-Type", HeaderId::content_type},
    http::KnownHeader{"If-None-Match", HeaderId::if_none_match},
    http::KnownHeader{"X-Requested-With", HeaderId::requested_with},
    http::KnownHeader{"If-Modified-Since", HeaderId::if_modified_since},
    http::KnownHeader{"Accept-API-Version", HeaderId::accept_api_version},
    http::KnownHeader{"Authorization", HeaderId::authorization},
    http::KnownHeader{"If-Unmodified-Since", HeaderId::if_unmodified_since},
    http::KnownHeader{"X-HTTP-Method-Override", HeaderId::method_override},
    http::KnownHeader{"traceparent", HeaderId::traceparent},
    http::KnownHeader{"tracestate", HeaderId::tracestate},
    http::KnownHeader{"X-ForgeRock-TransactionId", HeaderId::transaction_id},
};

class Headers : public http::KnownHeaders<HeaderId, kKnownHeaders> {
public:
    /// `token_name`: of the cookie and of the header that carry the SSO token.
    Headers(std::span<const Header> headers, std::string_view token_name) noexcept;

    std::string_view media_type() const noexcept {
        return http::media_type(value(HeaderId::content_type));
    }
    /// The caller's token: the cookie's; if there is none or it is empty, the header's.
    std::string_view token() const noexcept {
        constexpr std::string_view kNone;
        return token_in_cookie() ? *cookie_ : header_token_.value_or(kNone);
    }
    bool token_in_cookie() const noexcept { return cookie_ && !cookie_->empty(); }

private:
    std::optional<std::string_view> cookie_;
    std::optional<std::string_view> header_token_;
};

}  // namespace mfa_reset::am
