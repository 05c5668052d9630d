// One reply of Redis (RESP2), as a tree of values.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace mfa_reset {

/// Owns nothing. An API gets errors as a Failure (records.hpp), so no part of its replies is an
/// error, but for values that are too large to be read.
struct Reply {
    enum class Type : std::uint8_t { nil, integer, status, error, string, array };

    Type type = Type::nil;
    long long integer = 0;
    std::string_view text;        ///< of a status, an error, a string
    std::span<Reply> elements{};  ///< of an array

    bool is(Type wanted) const noexcept { return type == wanted; }
    bool is_status(std::string_view wanted) const noexcept {
        return type == Type::status && text == wanted;
    }
    /// The first word of an error, such as `NOSCRIPT`; empty for other replies.
    std::string_view error_class() const noexcept {
        return type == Type::error ? text.substr(0, text.find(' ')) : std::string_view{};
    }
    /// Whether the codec put this in the place of a value that is too large to be read.
    bool is_too_large() const noexcept { return error_class() == "TOOLARGE"; }
    /// The text of a string; empty for other replies.
    std::string_view string_or_empty() const noexcept {
        return type == Type::string ? text : std::string_view{};
    }
};

}  // namespace mfa_reset
