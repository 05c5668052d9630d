#include "format/json_reader.hpp"

#include <cassert>

#include "format/ascii.hpp"
#include "format/json_number.hpp"
#include "format/json_string.hpp"
#include "format/utf8.hpp"

namespace mfa_reset::format {

namespace {

const char* skip_letters(const char* at, const char* end) noexcept {
    while (at != end && is_letter(*at)) {
        ++at;
    }
    return at;
}

/// Returns the end of the token that begins at `at`, or of its valid part.
const char* skip_token(const char* at, const char* end) noexcept {
    if (at == end) {
        return at;
    }
    if (*at == '"') {
        return scan_json_string(at + 1, end).end;
    }
    if (*at == '-' || is_digit(*at)) {
        return read_json_number(at, end).end;
    }
    return is_letter(*at) ? skip_letters(at, end) : at + utf8_character({at, end});
}

/// Returns the end of the string that begins at `at`, quotes included; nullptr if it is invalid.
inline const char* skip_string(const char* at, const char* end, bool is_name) noexcept {
    const char* const plain = skip_plain_json(at + 1, end);
    if (plain != end && *plain == '"') {
        return plain + 1;  // as most are
    }
    const JsonString scan = scan_json_string(plain, end);
    return scan.good && !(is_name && scan.nul) ? scan.end : nullptr;
}

/// Returns the end of the string, number or word that begins at `at`, which is not the end of the
/// text; nullptr if it is invalid.
inline const char* skip_scalar(const char* at, const char* end) noexcept {
    if (*at == '"') {
        return skip_string(at, end, false);
    }
    if (*at > '9') {
        const char* const behind = skip_letters(at, end);
        const std::string_view word(at, behind);
        return word == "true" || word == "null" || word == "false" ? behind : nullptr;
    }
    const JsonNumber number = read_json_number(at, end);
    return number.good ? number.end : nullptr;
}

/// Returns the place behind the colon of the member whose name begins at `at`; nullptr if it is
/// invalid.
inline const char* skip_name(const char* at, const char* end) noexcept {
    const char* const behind = at != end && *at == '"' ? skip_string(at, end, true) : nullptr;
    const char* const colon = behind == nullptr ? end : skip_white_space(behind, end);
    return colon != end && *colon == ':' ? colon + 1 : nullptr;
}

}  // namespace

JsonReader::JsonReader(std::string_view text, std::size_t max_depth) noexcept
    : begin_(text.data()),
      at_(begin_),
      token_(begin_),
      end_(begin_ + text.size()),
      max_depth_(max_depth) {
    assert(max_depth <= kMaxDepth);
}

JsonReader::Token JsonReader::next() noexcept {
    opened_ = false;
    skip_blanks();
    if (state_ == State::after_value) {
        if (at_ == end_ || *at_ != ',' || depth_ == 0) {
            return after_value();
        }
        ++at_;
        skip_blanks();
        state_ = in_object() ? State::name : State::value;
    }
    token_ = at_;
    if (at_ == end_) {
        return at_end();
    }
    switch (state_) {
        case State::first_item: return *at_ == ']' ? close(Token::end_array) : value();
        case State::value: return value();
        case State::first_name: return *at_ == '}' ? close(Token::end_object) : name();
        case State::name: return name();
        case State::after_value:
        case State::over: break;
    }
    return at_end();
}

bool JsonReader::skip() noexcept {
    if (!opened_) {
        return fault_ == JsonFault::none;
    }
    const std::size_t outside = depth_ - 1;
    skip_good(outside);
    while (depth_ > outside) {
        if (next() == Token::fault) {
            return false;
        }
    }
    return true;
}

/// Where skip_good() is. Everything is inlined, so that it stays in registers.
struct JsonReader::GoodPart {
    enum class Value : std::uint8_t { bad, opened, whole };

    const char* at = nullptr;
    const char* end = nullptr;
    std::uint64_t objects = 0;
    std::size_t depth = 0;
    std::size_t outside = 0;
    std::size_t max_depth = 0;
    State state = State::value;
    char close = '\0';  // of the innermost container

    [[gnu::always_inline]] bool take_name() noexcept {
        state = State::name;
        const char* const value = skip_name(at, end);
        at = value == nullptr ? at : skip_white_space(value, end);
        return value != nullptr;
    }

    /// A scalar, an empty container, or the opening bracket of another one.
    [[gnu::always_inline]] Value take_value() noexcept {
        state = State::value;
        if (at == end) {
            return Value::bad;
        }
        if (*at != '{' && *at != '[') {
            const char* const behind = skip_scalar(at, end);
            at = behind == nullptr ? at : behind;
            return behind == nullptr ? Value::bad : Value::whole;
        }
        const char closing = static_cast<char>(*at + 2);
        const char* const inside = skip_white_space(at + 1, end);
        if (depth == max_depth) {
            return Value::bad;
        }
        if (inside != end && *inside == closing) {
            at = inside + 1;
            return Value::whole;
        }
        close = closing;
        objects = objects << 1U | static_cast<std::uint64_t>(closing == '}');
        ++depth;
        at = inside;
        return Value::opened;
    }

    /// The closing brackets after a value, and a comma. False: the end, or no comma.
    [[gnu::always_inline]] bool take_comma() noexcept {
        state = State::after_value;
        if (depth == outside) {
            return false;
        }
        if (at == end || *at != ',') {
            at = skip_white_space(at, end);
            while (at != end && *at == close && depth > outside) {
                objects >>= 1U;
                close = (objects & 1U) != 0 ? '}' : ']';
                at = --depth > outside ? skip_white_space(at + 1, end) : at + 1;
            }
            if (depth == outside || at == end || *at != ',') {
                return false;
            }
        }
        at = skip_white_space(at + 1, end);
        return true;
    }
};

/// Reads on as next() would, but in one loop, until only `outside` containers are open. Stops
/// before an invalid token, which next() reports.
void JsonReader::skip_good(std::size_t outside) noexcept {
    GoodPart part{token_, end_, objects_ >> 1U, outside, outside, max_depth_};
    for (bool named = false; !named || part.take_name(); named = part.close == '}') {
        const GoodPart::Value value = part.take_value();
        if (value == GoodPart::Value::bad ||
            (value == GoodPart::Value::whole && !part.take_comma())) {
            break;
        }
    }
    at_ = part.at;
    objects_ = part.objects;
    depth_ = part.depth;
    state_ = part.state;
}

std::string_view JsonReader::text(Memory& memory) const {
    return escaped_ ? unescape_json(raw_, memory) : raw_;
}

JsonReader::Token JsonReader::value() noexcept {
    state_ = State::after_value;
    switch (*at_) {
        case '{': return open(Token::object);
        case '[': return open(Token::array);
        case '"': return string(Token::string);
        case 't': return literal("true", Token::boolean);
        case 'f': return literal("false", Token::boolean);
        case 'n': return literal("null", Token::null);
        default: break;
    }
    if (*at_ == '-' || is_digit(*at_)) {
        return number();
    }
    return unexpected();
}

JsonReader::Token JsonReader::name() noexcept {
    if (*at_ != '"') {
        return unexpected();
    }
    if (string(Token::name) == Token::fault) {
        return Token::fault;
    }
    skip_blanks();
    if (at_ == end_ || *at_ != ':') {
        return unexpected();
    }
    ++at_;
    state_ = State::value;
    return Token::name;
}

/// After a value, with no comma.
JsonReader::Token JsonReader::after_value() noexcept {
    token_ = at_;
    if (depth_ == 0) {
        return at_ == end_ ? at_end() : fail(JsonFault::trailing);
    }
    if (at_ != end_ && *at_ == (in_object() ? '}' : ']')) {
        return close(in_object() ? Token::end_object : Token::end_array);
    }
    return unexpected();
}

JsonReader::Token JsonReader::at_end() noexcept {
    if (state_ == State::after_value && depth_ == 0) {
        state_ = State::over;
    }
    if (state_ != State::over) {
        return fail(JsonFault::syntax);
    }
    return fault_ == JsonFault::none ? Token::end : Token::fault;
}

JsonReader::Token JsonReader::open(Token bracket) noexcept {
    ++at_;
    if (depth_ == max_depth_) {
        return fail(JsonFault::too_deep);
    }
    ++depth_;
    const bool object = bracket == Token::object;
    objects_ = objects_ << 1U | static_cast<std::uint64_t>(object);
    state_ = object ? State::first_name : State::first_item;
    opened_ = true;
    return bracket;
}

JsonReader::Token JsonReader::close(Token bracket) noexcept {
    ++at_;
    --depth_;
    objects_ >>= 1U;
    state_ = State::after_value;
    return bracket;
}

JsonReader::Token JsonReader::string(Token token) noexcept {
    const char* const first = at_ + 1;
    const JsonString scan = scan_json_string(first, end_);
    at_ = scan.end;
    if (!scan.good || (token == Token::name && scan.nul)) {
        return fail(JsonFault::syntax);
    }
    raw_ = {first, at_ - 1};
    escaped_ = scan.escaped;
    return token;
}

JsonReader::Token JsonReader::number() noexcept {
    const JsonNumber number = read_json_number(at_, end_);
    raw_ = {at_, number.end};
    escaped_ = false;
    at_ = number.end;
    return number.good ? Token::number : fail(JsonFault::syntax);
}

JsonReader::Token JsonReader::literal(std::string_view word, Token token) noexcept {
    raw_ = {at_, skip_letters(at_, end_)};
    escaped_ = false;
    at_ += raw_.size();
    return raw_ == word ? token : fail(JsonFault::syntax);
}

void JsonReader::skip_blanks() noexcept { at_ = skip_white_space(at_, end_); }

/// Reads the unexpected token too: the fault is at its end.
JsonReader::Token JsonReader::unexpected() noexcept {
    at_ = skip_token(at_, end_);
    return fail(JsonFault::syntax);
}

JsonReader::Token JsonReader::fail(JsonFault fault) noexcept {
    fault_ = fault;
    state_ = State::over;
    return Token::fault;
}

}  // namespace mfa_reset::format
