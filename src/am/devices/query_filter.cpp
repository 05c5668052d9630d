// The grammar of a query filter; nothing is made of it, as filters of devices are not applied:
//
//     expression = operand *( ( "and" / "or" ) operand )
//     operand    = *"!" ( "(" expression ")" / "true" / "false" / pointer "pr" / pointer word value
//     ) value      = quoted string / number / "true" / "false"
#include <cstddef>
#include <string_view>

#include "am/devices/query.hpp"
#include "format/ascii.hpp"
#include "format/json_number.hpp"

namespace mfa_reset::am {

namespace {

class FilterReader {
public:
    explicit FilterReader(std::string_view text) noexcept : rest_(text) {}

    bool read() noexcept {
        std::size_t open = 0;
        for (bool wants_operand = true;;) {
            skip_blanks();
            if (rest_.empty()) {
                return !wants_operand && open == 0;
            }
            if (wants_operand) {
                if (take('(')) {
                    ++open;
                } else if (!take('!')) {
                    if (!take_operand()) {
                        return false;
                    }
                    wants_operand = false;
                }
            } else if (take(')')) {
                if (open == 0) {
                    return false;
                }
                --open;
            } else {
                const std::string_view word = take_word();
                if (word != "and" && word != "or") {
                    return false;
                }
                wants_operand = true;
            }
        }
    }

private:
    void skip_blanks() noexcept { rest_ = format::trim_white_space(rest_); }

    bool take(char byte) noexcept {
        const bool found = rest_.starts_with(byte);
        rest_.remove_prefix(found ? 1 : 0);
        return found;
    }

    /// Up to a blank or a parenthesis; empty if there is none.
    std::string_view take_word() noexcept {
        std::size_t size = 0;
        while (size < rest_.size() && !format::is_white_space(rest_[size]) && rest_[size] != '(' &&
               rest_[size] != ')' && rest_[size] != '"') {
            ++size;
        }
        const std::string_view word = rest_.substr(0, size);
        rest_.remove_prefix(size);
        skip_blanks();
        return word;
    }

    bool take_operand() noexcept {
        const std::string_view first = take_word();
        if (first.empty() || first == "true" || first == "false") {
            return !first.empty();
        }
        const std::string_view verb = take_word();
        return verb == "pr" || (!verb.empty() && take_value());
    }

    bool take_value() noexcept {
        if (take('"')) {
            while (!rest_.empty() && rest_.front() != '"') {
                rest_.remove_prefix(rest_.front() == '\\' && rest_.size() > 1 ? 2 : 1);
            }
            return take('"');
        }
        const std::string_view word = take_word();
        const auto number = format::read_json_number(word.data(), word.data() + word.size());
        return word == "true" || word == "false" ||
               (number.good && number.end == word.data() + word.size());
    }

    std::string_view rest_;
};

}  // namespace

bool is_query_filter(std::string_view text) noexcept { return FilterReader(text).read(); }

}  // namespace mfa_reset::am
