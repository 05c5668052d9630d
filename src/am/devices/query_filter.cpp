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
        bool good = true;
        for (skip_blanks(); good && !rest_.empty(); skip_blanks()) {
            good = wants_operand_ ? begin_operand() : follow_operand();
        }
        return good && !wants_operand_ && open_ == 0;
    }

private:
    /// Takes an operand, or the `(` or `!` before one.
    bool begin_operand() noexcept {
        if (take('(')) {
            ++open_;
            return true;
        }
        if (take('!')) {
            return true;
        }
        wants_operand_ = false;
        return take_operand();
    }

    /// Takes the `)`, `and` or `or` behind an operand.
    bool follow_operand() noexcept {
        if (take(')')) {
            const bool opened = open_ > 0;
            open_ -= opened ? 1 : 0;
            return opened;
        }
        wants_operand_ = true;
        const std::string_view word = take_word();
        return word == "and" || word == "or";
    }

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
    std::size_t open_ = 0;  // parentheses
    bool wants_operand_ = true;
};

}  // namespace

bool is_query_filter(std::string_view text) noexcept { return FilterReader(text).read(); }

}  // namespace mfa_reset::am
