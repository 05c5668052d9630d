// Kinds of values of directives; see directive.hpp. nginx's own setters say "invalid value"; these
// say what to write.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "nginx/conf/directive.hpp"

namespace mfa_reset::nginx {

/// The value of the parameter `name` (with its `=`); a null string: `parameter` is another one.
ngx_str_t value_of(const ngx_str_t& parameter, std::string_view name) noexcept;

/// The milliseconds of `15m` or `250ms`; NGX_ERROR: invalid.
ngx_int_t parse_time(ngx_str_t text) noexcept;

/// For the sentence that refuses a time of more than `most` milliseconds: if `text` is a number
/// alone, that it is in seconds, and empty otherwise.
const char* seconds_hint(const ngx_str_t& text, ngx_int_t most) noexcept;

/// `on` or `off`.
struct Flag {
    static constexpr ngx_uint_t kArguments = NGX_CONF_FLAG;
    bool read(const Written& written, bool& flag) const noexcept;
    constexpr void print(Printed& printed) const { printed << "on | off"; }
};
inline constexpr Flag kFlag;

/// A number from `least` to `most`.
struct Number {
    static constexpr ngx_uint_t kArguments = NGX_CONF_TAKE1;
    bool read(const Written& written, std::size_t& number) const noexcept;
    constexpr void print(Printed& printed) const { printed << "from " << least << " to " << most; }

    ngx_int_t least = 0;
    ngx_int_t most = 0;
};

/// A time, with limits in milliseconds.
struct Time {
    static constexpr ngx_uint_t kArguments = NGX_CONF_TAKE1;
    bool read(const Written& written, ngx_msec_t& time) const noexcept;
    bool read(const Written& written, std::chrono::milliseconds& time) const noexcept;
    constexpr void print(Printed& printed) const {
        printed << "from " << least << "ms to " << most << "ms";
    }

    ngx_int_t least = 0;
    ngx_int_t most = 0;
    bool may_be_off = false;  ///< `off` is allowed, and is 0
};

/// A word and its value.
template <class Value>
struct Choice {
    std::string_view word;
    Value value;
};
template <class Value>
Choice(const char*, Value) -> Choice<Value>;

/// One of `N` words. `sentence` lists them.
template <class Value, std::size_t N>
struct Choices {
    static constexpr ngx_uint_t kArguments = NGX_CONF_TAKE1;

    /// `Field` is a Value, or an optional one.
    template <class Field>
    bool read(const Written& written, Field& field) const noexcept {
        const auto chosen = std::ranges::find(choices, view(written.value()), &Choice<Value>::word);
        if (chosen == std::ranges::end(choices)) {
            return written.refuse(written.value(), sentence);
        }
        field = chosen->value;
        return true;
    }
    constexpr void print(Printed& printed) const {
        for (const auto& choice : choices) {
            printed << (&choice != choices ? " | " : "") << choice.word;
        }
    }

    Choice<Value> choices[N];
    const char* sentence;
};
template <class Value, std::size_t N>
Choices(const Choice<Value> (&)[N], const char*) -> Choices<Value, N>;

/// Returns nullptr, or a sentence if the text is refused.
using TextCheck = const char* (*)(std::string_view text) noexcept;

/// One text.
struct Text {
    static constexpr ngx_uint_t kArguments = NGX_CONF_TAKE1;
    bool read(const Written& written, std::string& text) const;
    /// The text belongs to the configuration.
    bool read(const Written& written, ngx_str_t& text) const noexcept;

    TextCheck refusal;
};

/// One or more texts.
struct Texts {
    static constexpr ngx_uint_t kArguments = NGX_CONF_1MORE;
    bool read(const Written& written, std::vector<std::string>& texts) const;

    TextCheck refusal;
};

// -- texts that several directives take ----------------------------------------------------------

/// Printable ASCII without blanks, braces, double quotes and backslashes.
constexpr bool is_plain(char c) noexcept {
    return c > ' ' && c < 0x7F && c != '{' && c != '}' && c != '"' && c != '\\';
}

const char* refuse_empty_name(std::string_view text) noexcept;
const char* refuse_empty_file(std::string_view text) noexcept;

inline constexpr Text kName{refuse_empty_name};
inline constexpr Texts kNames{refuse_empty_name};
inline constexpr Text kFile{refuse_empty_file};

}  // namespace mfa_reset::nginx
