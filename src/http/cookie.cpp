#include "http/cookie.hpp"

#include "format/ascii.hpp"

namespace mfa_reset::http {

namespace {

std::string_view without_quotes(std::string_view value) noexcept {
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
        return value.substr(1, value.size() - 2);
    }
    return value;
}

/// Calls `use` with name and value of each cookie, until it returns false. A part without `=` is
/// skipped.
template <class Use>
void each_cookie(std::string_view header, Use use) noexcept {
    const char* at = header.data();
    const char* const end = at + header.size();
    for (; at != end; ++at) {
        const char* const name = at;
        while (at != end && *at != '=' && *at != ';') {
            ++at;
        }
        if (at == end) {
            return;
        }
        if (*at == ';') {
            continue;
        }
        const char* const equals = at;
        while (at != end && *at != ';') {
            ++at;
        }
        if (!use(std::string_view(name, equals), std::string_view(equals + 1, at)) || at == end) {
            return;
        }
    }
}

std::string_view clean(std::string_view value) noexcept {
    return without_quotes(format::trim_blanks(value));
}

}  // namespace

std::optional<std::string_view> find_cookie(std::string_view header,
                                            std::string_view name) noexcept {
    std::optional<std::string_view> found;
    each_cookie(header, [&found, name](std::string_view other, std::string_view value) {
        if (other.size() >= name.size() &&
            format::equal_ignoring_case(format::trim_blanks(other), name)) {
            found = clean(value);
        }
        return !found;
    });
    return found;
}

void find_filled_cookies(std::string_view header, std::span<const std::string_view> names,
                         std::span<std::string_view> values) noexcept {
    each_cookie(header, [names, values](std::string_view other, std::string_view value) {
        if (value.empty()) {
            return true;
        }
        other = format::trim_blanks(other);
        for (std::size_t at = 0; at < names.size(); ++at) {
            if (format::equal_ignoring_case(other, names[at])) {
                values[at] = values[at].empty() ? clean(value) : values[at];
                break;
            }
        }
        return true;
    });
}

}  // namespace mfa_reset::http
