// Reads XML token by token, in one pass over the text. Builds nothing, allocates nothing.
//
// Namespaces are not looked at: a name is what is behind its prefix. Comments and processing
// instructions are read past. A document type is a fault, and so is a reference to anything but a
// character and the five entities of XML itself. What a writer of XML never writes is not all
// refused: `<` in the value of an attribute, an attribute that is there twice.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mfa_reset::format {

class XmlReader {
public:
    enum class Token : std::uint8_t {
        start,  ///< of an element; an empty one, too, has an end
        end,
        text,   ///< as it is written, with its references
        cdata,  ///< what is within it
        over,   ///< one element was read, and nothing else is there
        fault,
    };

    static constexpr std::size_t kMaxDepth = 64;

    /// `text` is XML's characters in UTF-8 (is_xml_text), without a byte order mark, and outlives
    /// the reader. Elements that nest deeper than kMaxDepth are a fault.
    explicit XmlReader(std::string_view text) noexcept
        : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

    Token next() noexcept;

    /// After a start: reads to behind the end of its element. Sets whether there are elements in
    /// it. False: a fault.
    bool skip(bool& has_elements) noexcept;

    /// Of a start: its name without a prefix.
    std::string_view name() const noexcept;

    /// Of a start: whether it has an attribute `nil` that is `true` or `1`.
    bool is_nil() const noexcept { return nil_; }

    /// Of text and cdata.
    std::string_view text() const noexcept { return text_; }

    /// How many elements are open.
    std::size_t depth() const noexcept { return depth_; }

    /// Where the last token begins, and where it ends.
    std::size_t token_position() const noexcept {
        return static_cast<std::size_t>(token_ - begin_);
    }
    std::size_t position() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

private:
    Token fail() noexcept;
    Token read_text() noexcept;
    Token read_start() noexcept;
    Token read_end() noexcept;
    Token read_cdata() noexcept;
    bool skip_good(std::size_t outside) noexcept;
    bool skip_instruction() noexcept;
    bool is_next(std::string_view text) const noexcept;
    bool skip_past(std::string_view text) noexcept;

    const char* begin_;
    const char* at_;
    const char* token_ = nullptr;
    const char* end_;
    std::string_view name_;  ///< with its prefix
    std::string_view text_;
    std::array<std::string_view, kMaxDepth> open_;  ///< the names, with their prefixes
    std::size_t depth_ = 0;
    bool nil_ = false;
    bool empty_ = false;     ///< the last start is its end, too
    bool has_root_ = false;  ///< its start was read
    bool failed_ = false;
};

}  // namespace mfa_reset::format
