#include "foundry/headers.hpp"

#include "format/ascii.hpp"
#include "http/cookie.hpp"

namespace mfa_reset::foundry {

namespace {

struct Known {
    std::string_view name;
    HeaderId id;
};

constexpr std::array kKnown{
    Known{"Host", HeaderId::host},
    Known{"Origin", HeaderId::origin},
    Known{"ss-opt", HeaderId::session_options},
    Known{"X-ss-id", HeaderId::session_id},
    Known{"X-ss-pid", HeaderId::permanent_session_id},
    Known{"X-ss-opt", HeaderId::session_options},
    Known{"Content-Type", HeaderId::content_type},
    Known{"Authorization", HeaderId::authorization},
    Known{"X-Requested-With", HeaderId::requested_with},
    Known{"X-Http-Method-Override", HeaderId::method_override},
};

/// In the order of CookieId.
constexpr std::array<std::string_view, 4> kCookies{"ss-id", "ss-pid", "ss-opt", "ss-tok"};

}  // namespace

Headers::Headers(std::span<const Header> headers) noexcept : all_(headers) {
    for (const Header& header : headers) {
        collect(header);
    }
}

void Headers::collect(const Header& header) noexcept {
    for (const Known& known : kKnown) {
        if (format::equal_ignoring_case(header.name, known.name)) {
            auto& value = values_[static_cast<std::size_t>(known.id)];
            value = value.value_or(header.value);
            return;
        }
    }
    if (format::equal_ignoring_case(header.name, "Cookie")) {
        http::find_filled_cookies(header.value, kCookies, cookies_);
    }
}

std::string_view Headers::media_type() const noexcept {
    const std::string_view type = value(HeaderId::content_type);
    return format::trim_blanks(type.substr(0, type.find(';')));
}

}  // namespace mfa_reset::foundry
