// See json_model.hpp.
#include "json_model.hpp"

#include <algorithm>

#include "text.hpp"

namespace mfa_reset::fuzz {

namespace {

class Reader {
public:
    Reader(std::string_view text, int max_depth) : rest_(text), left_(max_depth) {}

    bool document() {
        blanks();
        return rest_.empty() || (value() && rest_.empty());
    }

private:
    void blanks() {
        while (!rest_.empty() && std::string_view(" \t\r\n").find(rest_.front()) < 4) {
            rest_.remove_prefix(1);
        }
    }
    bool take(std::string_view text) {
        const bool there = rest_.starts_with(text);
        rest_.remove_prefix(there ? text.size() : 0);
        return there;
    }
    /// With the blanks after it.
    bool value() {
        bool good = false;
        if (rest_.starts_with('[')) {
            good = collection("[", "]", false);
        } else if (rest_.starts_with('{')) {
            good = collection("{", "}", true);
        } else {
            good = take("true") || take("false") || take("null") || string() || number();
        }
        blanks();
        return good;
    }
    bool number() {
        const std::size_t end = std::min(rest_.find_first_not_of("+-.0123456789Ee"), rest_.size());
        const std::string_view number = rest_.substr(0, end);
        const bool good =
            match("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?", number).has_value();
        rest_.remove_prefix(good ? end : 0);
        return good;
    }
    bool string() {
        if (!rest_.starts_with('"')) {
            return false;
        }
        std::size_t at = 1;
        while (at < rest_.size() && rest_[at] != '"') {
            if (static_cast<unsigned char>(rest_[at]) < 0x20) {
                return false;
            }
            const std::string_view escape = rest_.substr(at, rest_[at] == '\\' ? 2 : 0);
            const bool hex = escape == "\\u";
            if (!escape.empty() && (hex ? !is_hex(rest_.substr(at).substr(2, 4), 4)
                                        : escape.find_first_of("\"\\/bfnrt", 1) != 1)) {
                return false;
            }
            at += hex ? 6 : escape.empty() ? 1 : 2;
        }
        const bool good = at < rest_.size() && is_utf8(rest_.substr(0, at));
        rest_.remove_prefix(good ? at + 1 : 0);
        return good;
    }
    bool collection(std::string_view begin, std::string_view end, bool named) {
        if (!take(begin) || --left_ < 0) {
            return false;
        }
        blanks();
        for (bool first = true; !take(end); first = false) {
            if (!first && !take(",")) {
                return false;
            }
            blanks();
            if (named && !name()) {
                return false;
            }
            if (!value()) {
                return false;
            }
        }
        ++left_;
        return true;
    }
    bool name() {
        const bool good = string();
        blanks();
        const bool colon = good && take(":");
        blanks();
        return colon;
    }

    std::string_view rest_;
    int left_;
};

}  // namespace

bool model_json(std::string_view text, int max_depth) { return Reader(text, max_depth).document(); }

}  // namespace mfa_reset::fuzz
