#include "foundry/headers.hpp"

#include "format/ascii.hpp"
#include "http/cookie.hpp"

namespace mfa_reset::foundry {

Headers::Headers(std::span<const Header> headers) noexcept : all_(headers) {
    /// In the order of CookieId.
    static constexpr std::array<std::string_view, 4> kCookies{"ss-id", "ss-pid", "ss-opt",
                                                              "ss-tok"};
    for (const Header& header : headers) {
        if (take(header)) {
            continue;
        }
        if (format::equal_ignoring_case(header.name, "Cookie")) {
            http::find_filled_cookies(header.value, kCookies, cookies_);
        } else if (format::equal_ignoring_case(header.name, "Content-Encoding")) {
            content_encoding_.read(header.value);
        }
    }
}

}  // namespace mfa_reset::foundry
