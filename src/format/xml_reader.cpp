#include "format/xml_reader.hpp"

#include <algorithm>
#include <cstring>

#include "format/ascii.hpp"
#include "format/words.hpp"
#include "format/xml_text.hpp"

namespace mfa_reset::format {

namespace {

/// Which bytes may begin a name, and which may be in one.
enum class Kind : std::uint8_t { none, inner, first };

constexpr auto kNameKinds = [] {
    std::array<Kind, 256> kinds{};
    for (std::size_t byte = 0; byte < kinds.size(); ++byte) {
        const char character = static_cast<char>(byte);
        if (is_letter(character) || character == '_' || character == ':' || byte >= 0x80) {
            kinds[byte] = Kind::first;
        } else if (is_digit(character) || character == '.' || character == '-') {
            kinds[byte] = Kind::inner;
        }
    }
    return kinds;
}();

constexpr Kind kind_of(char byte) noexcept { return kNameKinds[static_cast<unsigned char>(byte)]; }

constexpr std::string_view kComment = "<!--";

/// Returns the end of the name at `at`; `at` if there is no name.
const char* skip_name(const char* at, const char* end) noexcept {
    if (at == end || kind_of(*at) != Kind::first) {
        return at;
    }
    while (at != end && kind_of(*at) != Kind::none) {
        ++at;
    }
    return at;
}

std::string_view local_name(std::string_view name) noexcept {
    const std::size_t colon = find_byte(name, ':');
    return colon == name.size() ? name : name.substr(colon + 1);
}

bool is_nil(std::string_view name, std::string_view value) noexcept {
    return (value == "true" || value == "1") && local_name(name) == "nil";
}

/// Behind the end tag of `name` that begins at `at`, if it is `</name>` without blanks; else
/// nullptr.
const char* skip_end_tag(const char* at, const char* end, std::string_view name) noexcept {
    at += 2;
    const bool good = static_cast<std::size_t>(end - at) > name.size() && at[name.size()] == '>' &&
                      std::memcmp(at, name.data(), name.size()) == 0;
    return good ? at + name.size() + 1 : nullptr;
}

/// The end of a start tag.
struct Attributes {
    const char* behind = nullptr;  ///< the tag; nullptr if it is not good
    bool empty = false;            ///< the element is empty: `<x/>`
    bool nil = false;
};

/// Scans from behind the name.
Attributes skip_attributes(const char* at, const char* end) noexcept {
    Attributes attributes;
    for (at = skip_white_space(at, end); at != end; at = skip_white_space(at, end)) {
        attributes.empty = *at == '/';
        at += attributes.empty ? 1 : 0;
        if (at != end && *at == '>') {
            attributes.behind = at + 1;
            break;
        }
        const char* const behind = skip_name(at, end);
        const std::string_view name(at, behind);
        at = skip_white_space(behind, end);
        if (attributes.empty || name.empty() || at == end || *at != '=') {
            break;
        }
        at = skip_white_space(at + 1, end);
        if (at == end || (*at != '"' && *at != '\'')) {
            break;
        }
        const char quote = *at++;
        const std::size_t size = find_byte({at, end}, quote);
        attributes.nil = attributes.nil || is_nil(name, {at, size});
        at += size;
        if (at == end) {
            break;
        }
        ++at;  // the other quote
        if (at != end && !is_white_space(*at) && *at != '/' && *at != '>') {
            break;
        }
    }
    return attributes;
}

/// Returns the `<` behind the text at `at`, or the end; nullptr if the text has an invalid
/// reference.
const char* skip_text(const char* at, const char* end) noexcept {
    const char* const first = at;
    bool references = false;
    for (; at != end && *at != '<'; ++at) {
        references = references || *at == '&';
    }
    return references && !has_good_references({first, at}) ? nullptr : at;
}

}  // namespace

std::string_view XmlReader::name() const noexcept { return local_name(name_); }

XmlReader::Token XmlReader::next() noexcept {
    while (!failed_) {
        token_ = at_;
        if (empty_) {
            empty_ = false;
            --depth_;
            return Token::end;
        }
        if (at_ == end_) {
            return finish();
        }
        if (*at_ != '<') {
            const Token token = read_text();
            if (token == Token::text && depth_ == 0) {
                continue;  // blanks beside the root
            }
            return token;
        }
        switch (end_ - at_ > 1 ? at_[1] : '\0') {
            case '/': return read_end();
            case '?': failed_ = !skip_instruction(); break;
            case '!':
                if (!is_next(kComment)) {
                    return read_cdata();
                }
                at_ += kComment.size();
                failed_ = !skip_past("-->");
                break;
            default: return read_start();
        }
    }
    return Token::fault;
}

bool XmlReader::skip(bool& has_elements) noexcept {
    const std::size_t outside = depth_ - 1;
    has_elements = false;
    for (;;) {
        has_elements = skip_good(outside) || has_elements;
        if (depth_ == outside) {
            return true;
        }
        const Token token = next();
        if (token == Token::fault) {
            return false;
        }
        has_elements = has_elements || token == Token::start;
        if (depth_ == outside) {
            return true;
        }
    }
}

/// Reads on as next() would, but in one loop with its state in registers, until only `outside`
/// elements are open. Stops before anything but valid text and tags, which next() reads. Returns
/// true if there were elements.
bool XmlReader::skip_good(std::size_t outside) noexcept {
    const char* at = at_;
    std::size_t depth = depth_;
    bool has_elements = false;
    while (!empty_ && depth > outside) {
        const char* behind = skip_text(at, end_);
        if (behind == nullptr || end_ - behind < 2) {
            break;
        }
        at = behind;
        if (at[1] == '/') {
            behind = skip_end_tag(at, end_, open_[depth - 1]);
            if (behind == nullptr) {
                break;
            }
            token_ = at;
            at = behind;
            --depth;
            continue;
        }
        behind = skip_name(at + 1, end_);
        if (behind == at + 1 || depth == kMaxDepth) {
            break;
        }
        const std::string_view name(at + 1, behind);
        const bool is_short = behind != end_ && *behind == '>';
        const Attributes attributes =
            is_short ? Attributes{behind + 1} : skip_attributes(behind, end_);
        if (attributes.behind == nullptr) {
            break;
        }
        has_elements = true;
        at = attributes.behind;
        if (!attributes.empty) {
            open_[depth++] = name;
        }
    }
    at_ = at;
    depth_ = depth;
    return has_elements;
}

XmlReader::Token XmlReader::fail() noexcept {
    failed_ = true;
    return Token::fault;
}

/// At the end of the text.
XmlReader::Token XmlReader::finish() noexcept {
    return has_root_ && depth_ == 0 ? Token::over : fail();
}

XmlReader::Token XmlReader::read_text() noexcept {
    const char* const behind = skip_text(at_, end_);
    if (behind == nullptr) {
        return fail();
    }
    text_ = {at_, behind};
    at_ = behind;
    return depth_ > 0 || is_blank(text_) ? Token::text : fail();
}

XmlReader::Token XmlReader::read_cdata() noexcept {
    constexpr std::string_view kBegin = "<![CDATA[";
    constexpr std::string_view kEnd = "]]>";
    if (depth_ == 0 || !is_next(kBegin) || !skip_past(kEnd)) {
        return fail();
    }
    text_ = {token_ + kBegin.size(), at_ - kEnd.size()};
    return Token::cdata;
}

XmlReader::Token XmlReader::read_start() noexcept {
    const char* const behind = skip_name(at_ + 1, end_);
    name_ = {at_ + 1, behind};
    const Attributes attributes = skip_attributes(behind, end_);
    if (name_.empty() || attributes.behind == nullptr || depth_ == kMaxDepth ||
        (depth_ == 0 && has_root_)) {
        return fail();
    }
    at_ = attributes.behind;
    empty_ = attributes.empty;
    nil_ = attributes.nil;
    has_root_ = true;
    open_[depth_++] = name_;
    return Token::start;
}

XmlReader::Token XmlReader::read_end() noexcept {
    const char* const first = at_ + 2;
    const char* const behind = skip_name(first, end_);
    at_ = skip_white_space(behind, end_);
    if (depth_ == 0 || std::string_view(first, behind) != open_[depth_ - 1] || at_ == end_ ||
        *at_ != '>') {
        return fail();
    }
    ++at_;
    --depth_;
    return Token::end;
}

/// A processing instruction, or the declaration that looks like one.
bool XmlReader::skip_instruction() noexcept {
    const char* const target = at_ + 2;
    at_ = skip_name(target, end_);
    const bool ends = at_ != end_ && (*at_ == '?' || is_white_space(*at_));
    return at_ != target && ends && skip_past("?>");
}

bool XmlReader::is_next(std::string_view text) const noexcept {
    return std::string_view(at_, end_).starts_with(text);
}

bool XmlReader::skip_past(std::string_view text) noexcept {
    const char* const found = std::search(at_, end_, text.begin(), text.end());
    at_ = found == end_ ? end_ : found + text.size();
    return found != end_;
}

}  // namespace mfa_reset::format
