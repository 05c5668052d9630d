#include "am/headers.hpp"

#include "format/ascii.hpp"
#include "http/cookie.hpp"

namespace mfa_reset::am {

Headers::Headers(std::span<const Header> headers, std::string_view token_name) noexcept {
    for (const Header& header : headers) {
        if (take(header)) {
            continue;
        }
        if (!cookie_ && format::equal_ignoring_case(header.name, "Cookie")) {
            cookie_ = http::find_cookie(header.value, token_name);
        } else if (!header_token_ && format::equal_ignoring_case(header.name, token_name)) {
            header_token_ = header.value;
        }
    }
}

}  // namespace mfa_reset::am
