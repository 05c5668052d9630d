#include "http/parameters.hpp"

#include <algorithm>

#include "format/ascii.hpp"

namespace mfa_reset::http {

namespace {

/// Where the quotes that begin `text` end; npos if they do not.
std::size_t find_end_of_quotes(std::string_view text) noexcept {
    std::size_t at = 1;
    while (at < text.size() && text[at] != '"') {
        at += text[at] == '\\' ? 2U : 1U;
    }
    return at < text.size() ? at : std::string_view::npos;
}

}  // namespace

std::optional<std::string_view> find_parameter(std::string_view value,
                                               std::string_view name) noexcept {
    for (std::size_t end = value.find(';'); end < value.size(); end = value.find(';')) {
        value = format::trim_blanks(value.substr(end + 1));
        const std::size_t equals = value.find_first_of("=;");
        if (equals == std::string_view::npos || value[equals] == ';') {
            continue;
        }
        const bool found =
            format::equal_ignoring_case(format::trim_blanks(value.substr(0, equals)), name);
        value = format::trim_blanks(value.substr(equals + 1));
        const bool is_quoted = value.starts_with('"');
        end = is_quoted ? find_end_of_quotes(value) : std::min(value.find(';'), value.size());
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        if (found) {
            return is_quoted ? value.substr(1, end - 1) : format::trim_blanks(value.substr(0, end));
        }
        value.remove_prefix(end);
    }
    return std::nullopt;
}

}  // namespace mfa_reset::http
