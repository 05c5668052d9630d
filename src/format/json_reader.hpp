// Reads JSON token by token, in one pass over the text. Builds nothing, allocates nothing.
//
//     JsonReader reader(text, 64);
//     if (reader.next() == Token::object) {
//         while (reader.next() == Token::name) {
//             const std::string_view name = reader.text(memory);
//             reader.next();         // the member's value: its first token
//             reader.skip();         // the rest of it, if it is an object or array
//         }
//     }
//     good = reader.next() == Token::end;   // after a fault every next() is a fault
//
// The grammar is RFC 8259's. A number that no double can hold (1e999), a lone surrogate escape
// ("\ud800") and a member's name with \u0000 in it are in the grammar, but refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "format/ascii.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::format {

enum class JsonFault : std::uint8_t {
    none,
    syntax,    ///< not JSON
    too_deep,  ///< objects and arrays nested deeper than allowed
    trailing,  ///< one JSON value, and something after it
};

class JsonReader {
public:
    enum class Token : std::uint8_t {
        object,  ///< `{`
        end_object,
        array,  ///< `[`
        end_array,
        name,  ///< of a member; its value is next
        string,
        number,
        boolean,
        null,
        end,  ///< the value is complete, and only white space follows it
        fault,
    };

    static constexpr std::size_t kMaxDepth = 64;

    /// `max_depth`: how deep objects and arrays may nest, at most kMaxDepth.
    JsonReader(std::string_view text, std::size_t max_depth) noexcept;

    Token next() noexcept;

    /// If the last token opened an object or array, reads to its end. Returns false on a fault.
    bool skip() noexcept;

    /// The last token, which is a name, string, number or boolean, as written, without quotes. A
    /// view into the text.
    std::string_view raw() const noexcept { return raw_; }

    /// As raw(), with escapes replaced: a copy in `memory` if there are any.
    std::string_view text(Memory& memory) const;

    /// The start of the last token. On a fault: the start of the unexpected one.
    std::size_t token_position() const noexcept {
        return static_cast<std::size_t>(token_ - begin_);
    }

    /// Number of open objects and arrays.
    std::size_t depth() const noexcept { return depth_; }

    JsonFault fault() const noexcept { return fault_; }

    /// Number of bytes read. On a fault: up to the end of the unexpected token, or of its valid
    /// part, or to the first byte that is not UTF-8.
    std::size_t position() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

private:
    /// What may come next.
    enum class State : std::uint8_t {
        value,
        first_item,  ///< a value or `]`
        name,
        first_name,   ///< a name or `}`
        after_value,  ///< `,` or the bracket that closes; at the top the end
        over,         ///< the end, or a fault
    };

    struct GoodPart;
    void skip_good(std::size_t outside) noexcept;
    Token value() noexcept;
    Token name() noexcept;
    Token after_value() noexcept;
    Token at_end() noexcept;
    Token open(Token bracket) noexcept;
    Token close(Token bracket) noexcept;
    Token string(Token token) noexcept;
    Token number() noexcept;
    Token literal(std::string_view word, Token token) noexcept;
    Token unexpected() noexcept;
    Token fail(JsonFault fault) noexcept;

    void skip_blanks() noexcept;
    bool in_object() const noexcept { return (objects_ & 1U) != 0; }

    const char* begin_;
    const char* at_;
    const char* token_;
    const char* end_;
    std::string_view raw_;
    std::uint64_t objects_ = 0;  ///< a bit for each open bracket, the innermost lowest: 1 for `{`
    std::size_t depth_ = 0;
    std::size_t max_depth_;
    State state_ = State::value;
    JsonFault fault_ = JsonFault::none;
    bool opened_ = false;  ///< the last token opened an object or array
    bool escaped_ = false;
};

}  // namespace mfa_reset::format
