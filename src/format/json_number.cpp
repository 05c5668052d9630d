#include "format/json_number.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "format/ascii.hpp"

namespace mfa_reset::format {

namespace {

/// The digits of 2^1024 - 2^970, the least integer that is rounded to infinity; it has 309.
constexpr std::string_view kInfinity =
    "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017"
    "977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273"
    "854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704"
    "342711559699508093042880177904174497792";

/// The decimal exponent of its first digit.
constexpr std::int64_t kInfinityExponent = 308;
static_assert(kInfinity.size() == kInfinityExponent + 1);

/// More than the digits of any text.
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
    return compared == kInfinity.size();  // its last digit is not 0
}

char second_digit(const Parts& parts) noexcept {
    if (parts.integer.size() > 1) {
        return parts.integer[1];
    }
    return parts.fraction.empty() ? '0' : parts.fraction.front();
}

/// Whether the nearest double is infinite.
bool is_infinite(const Parts& parts) noexcept {
    const auto integer = static_cast<std::int64_t>(parts.integer.size());
    if (integer + parts.exponent <= kInfinityExponent) {
        return false;  // nearly all numbers
    }
    if (integer + parts.exponent == kInfinityExponent + 1 && second_digit(parts) < kInfinity[1] &&
        parts.integer.front() == kInfinity[0]) {
        return false;  // nearly all that are as large
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

const char* skip_digits(const char* at, const char* end) noexcept {
    while (at != end && is_digit(*at)) {
        ++at;
    }
    return at;
}

/// The value of `digits`, kHugeExponent at most.
std::int64_t exponent_of(std::string_view digits) noexcept {
    std::int64_t exponent = 0;
    for (const char digit : digits) {
        exponent = std::min(exponent * 10 + (digit - '0'), kHugeExponent);
    }
    return exponent;
}

}  // namespace

JsonNumber read_json_number_from(const char* integer, const char* at, const char* end) noexcept {
    const char* const integer_end = at;
    const char* fraction = at;
    if (at != end && *at == '.') {
        fraction = at + 1;
        at = skip_digits(fraction, end);
        if (at == fraction) {
            return {at, false};
        }
    }
    const char* const fraction_end = at;
    const char* exponent = at;
    bool negative = false;
    if (at != end && (*at | 0x20) == 'e') {
        exponent = at + 1;
        negative = exponent != end && *exponent == '-';
        exponent += negative || (exponent != end && *exponent == '+') ? 1 : 0;
        at = skip_digits(exponent, end);
        if (at == exponent) {
            return {at, false};
        }
    }
    constexpr std::ptrdiff_t kShort = 200;
    if (integer_end - integer <= kShort && (at - exponent <= 2 || negative)) {
        return {at, true};  // as nearly all
    }
    const std::int64_t power = exponent_of({exponent, at});
    return {at, !is_infinite(
                    {{integer, integer_end}, {fraction, fraction_end}, negative ? -power : power})};
}

}  // namespace mfa_reset::format
