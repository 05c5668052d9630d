#include "am/headers.hpp"

#include "format/ascii.hpp"
#include "http/cookie.hpp"

namespace mfa_reset::am {

namespace {

struct Known {
    std::string_view name;
    HeaderId id;
};

constexpr std::array kKnown{
    Known{"If-Match", HeaderId::if_match},
    Known{"Content-Type", HeaderId::content_type},
    Known{"If-None-Match", HeaderId::if_none_match},
    Known{"X-Requested-With", HeaderId::requested_with},
    Known{"If-Modified-Since", HeaderId::if_modified_since},
    Known{"Accept-API-Version", HeaderId::accept_api_version},
    Known{"If-Unmodified-Since", HeaderId::if_unmodified_since},
    Known{"X-HTTP-Method-Override", HeaderId::method_override},
};

}  // namespace

Headers::Headers(std::span<const Header> headers, std::string_view token_name) noexcept {
    for (const Header& header : headers) {
        collect(header, token_name);
    }
}

void Headers::collect(const Header& header, std::string_view token_name) noexcept {
    for (const Known& known : kKnown) {
        if (format::equal_ignoring_case(header.name, known.name)) {
            auto& value = values_[static_cast<std::size_t>(known.id)];
            value = value.value_or(header.value);
            return;
        }
    }
    if (!cookie_ && format::equal_ignoring_case(header.name, "Cookie")) {
        cookie_ = http::find_cookie(header.value, token_name);
    } else if (!header_token_ && format::equal_ignoring_case(header.name, token_name)) {
        header_token_ = header.value;
    }
}

}  // namespace mfa_reset::am
