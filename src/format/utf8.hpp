// UTF-8 as Unicode and RFC 3629 define it: no overlong forms, no surrogates, nothing past U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace mfa_reset::format {

/// Bytes of the character that `text` begins with, 1 to 4; 0 where it begins with none.
std::size_t utf8_character(std::string_view text) noexcept;

bool is_utf8(std::string_view text) noexcept;

}  // namespace mfa_reset::format
