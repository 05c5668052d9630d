// See cookie.hpp.
#include "auth/cookie.hpp"

#include "format/ascii.hpp"

namespace mfa_reset::auth {

namespace {

std::string_view without_quotes(std::string_view value) noexcept {
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
        return value.substr(1, value.size() - 2);
    }
    return value;
}

/// Takes the cookies off `header` up to the first one of that name.
std::optional<std::string_view> take_cookie(std::string_view& header,
                                            std::string_view name) noexcept {
    while (!header.empty()) {
        const std::size_t end = header.find(';');
        const std::string_view pair = header.substr(0, end);
        header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);

        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos &&
            format::equal_ignoring_case(format::trim_blanks(pair.substr(0, equals)), name)) {
            return without_quotes(format::trim_blanks(pair.substr(equals + 1)));
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string_view> find_cookie(std::string_view header,
                                            std::string_view name) noexcept {
    return take_cookie(header, name);
}

std::string_view find_filled_cookie(std::string_view header, std::string_view name) noexcept {
    while (const auto value = take_cookie(header, name)) {
        if (!value->empty()) {
            return *value;
        }
    }
    return {};
}

}  // namespace mfa_reset::auth
