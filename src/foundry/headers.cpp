// See headers.hpp.
#include "foundry/headers.hpp"

#include "auth/cookie.hpp"
#include "format/ascii.hpp"

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

}  // namespace

Headers::Headers(std::span<const Header> headers) noexcept : all_(headers) {
    for (const Header& header : headers) {
        for (const Known& known : kKnown) {
            if (format::equal_ignoring_case(header.name, known.name)) {
                auto& value = values_[static_cast<std::size_t>(known.id)];
                value = value.value_or(header.value);
                break;
            }
        }
    }
}

std::string_view Headers::cookie(std::string_view name) const noexcept {
    for (const Header& header : all_) {
        if (format::equal_ignoring_case(header.name, "Cookie")) {
            const std::string_view value = auth::find_filled_cookie(header.value, name);
            if (!value.empty()) {
                return value;
            }
        }
    }
    return {};
}

std::string_view Headers::media_type() const noexcept {
    const std::string_view type = value(HeaderId::content_type);
    return format::trim_blanks(type.substr(0, type.find(';')));
}

}  // namespace mfa_reset::foundry
