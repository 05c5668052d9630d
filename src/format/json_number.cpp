#include "format/json_number.hpp"

#include <algorithm>
#include <cstdint>

#include "format/ascii.hpp"

namespace mfa_reset::format {

namespace {

/// The digits of 2^1024 - 2^970, the least integer that is rounded to infinity; it has 309.
constexpr std::string_view kInfinity =
    "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017"
    "977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273"
    "854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704"
    "342711559699508093042880177904174497792";

/// Decimal exponent of its first digit.
constexpr std::int64_t kInfinityExponent = 308;
static_assert(kInfinity.size() == kInfinityExponent + 1);

/// More than any text has digits.
constexpr std::int64_t kHugeExponent = 1'000'000'000'000'000;

/// A number in its parts: `12.5e-3` is 12, 5 and -3.
struct Parts {
    std::string_view integer{};
    std::string_view fraction{};
    std::int64_t exponent = 0;  ///< at most kHugeExponent on either side of 0
};

/// Whether integer and fraction, one after the other, are at least kInfinity from the first digit
/// on that is not 0.
bool reach_infinity(const Parts& parts, std::size_t zeros) noexcept {
    std::size_t compared = 0;
    for (const std::string_view digits : {parts.integer, parts.fraction}) {
        const std::size_t skipped = std::min(zeros, digits.size());
        zeros -= skipped;
        for (const char digit : digits.substr(skipped)) {
            if (compared == kInfinity.size()) {
                return true;
            }
            if (digit != kInfinity[compared]) {
                return digit > kInfinity[compared];
            }
            ++compared;
        }
    }
    return kInfinity.find_first_not_of('0', compared) == std::string_view::npos;
}

/// Whether a double that is nearest to it would be infinite.
bool is_infinite(const Parts& parts) noexcept {
    const auto integer = static_cast<std::int64_t>(parts.integer.size());
    if (integer + parts.exponent <= kInfinityExponent) {
        return false;  // nearly all numbers
    }
    // An integer part that begins with 0 is 0 alone.
    std::size_t zeros = parts.integer.starts_with('0') ? 1 : 0;
    if (zeros > 0) {
        const std::size_t first = parts.fraction.find_first_not_of('0');
        if (first == std::string_view::npos) {
            return false;
        }
        zeros += first;
    }
    const std::int64_t first = integer - 1 - static_cast<std::int64_t>(zeros) + parts.exponent;
    return first > kInfinityExponent ||
           (first == kInfinityExponent && reach_infinity(parts, zeros));
}

class Reader {
public:
    explicit Reader(std::string_view text) noexcept : text_(text) {}

    JsonNumber read() noexcept {
        Parts parts;
        take('-');
        const bool good = read_integer(parts) && read_fraction(parts) && read_exponent(parts);
        return {at_, good && !is_infinite(parts)};
    }

private:
    bool take(char byte) noexcept {
        const bool there = at_ < text_.size() && text_[at_] == byte;
        at_ += there ? 1U : 0U;
        return there;
    }

    std::string_view digits() noexcept {
        const std::size_t first = at_;
        while (at_ < text_.size() && is_digit(text_[at_])) {
            ++at_;
        }
        return text_.substr(first, at_ - first);
    }

    bool read_integer(Parts& parts) noexcept {
        const std::size_t first = at_;
        if (take('0')) {
            parts.integer = text_.substr(first, 1);
            return at_ == text_.size() || !is_digit(text_[at_]);
        }
        parts.integer = digits();
        return !parts.integer.empty();
    }

    bool read_fraction(Parts& parts) noexcept {
        if (!take('.')) {
            return true;
        }
        parts.fraction = digits();
        return !parts.fraction.empty();
    }

    bool read_exponent(Parts& parts) noexcept {
        if (!take('e') && !take('E')) {
            return true;
        }
        const bool negative = take('-');
        if (!negative) {
            take('+');
        }
        const std::string_view read = digits();
        for (const char digit : read) {
            parts.exponent = std::min(parts.exponent * 10 + (digit - '0'), kHugeExponent);
        }
        parts.exponent = negative ? -parts.exponent : parts.exponent;
        return !read.empty();
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

JsonNumber read_any_json_number(std::string_view text) noexcept { return Reader(text).read(); }

}  // namespace mfa_reset::format
