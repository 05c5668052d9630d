// Reads XML token by token, in one pass over the text. Builds nothing, allocates nothing.
//
// Namespaces are ignored: a name is the part behind its prefix. Comments and processing
// instructions are skipped. A document type is a fault, and so is a reference to anything but a
// character or one of XML's five entities. Some faults that no XML writer makes are not found: `<`
// in the value of an attribute, a repeated attribute.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mfa_reset::format {

class XmlReader {
public:
    enum class Token : std::uint8_t {
        start,  ///< of an element; an empty element has an `end`, too
        end,
        text,   ///< as written, with its references
        cdata,  ///< its content
        over,   ///< the root element was read, and nothing follows it
        fault,
    };

    static constexpr std::size_t kMaxDepth = 64;

    /// `text` is XML's characters in UTF-8 (is_xml_text), without a byte order mark, and outlives
    /// the reader. Elements that nest deeper than kMaxDepth are a fault.
    explicit XmlReader(std::string_view text) noexcept
        : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

    Token next() noexcept;

    /// After a start: reads to the end of its element. Sets whether it has child elements. Returns
    /// false on a fault.
    bool skip(bool& has_elements) noexcept;

    /// Of a start: its name without a prefix.
    std::string_view name() const noexcept;

    /// Of a start: whether it has an attribute `nil` that is `true` or `1`.
    bool is_nil() const noexcept { return nil_; }

    /// Of text and cdata.
    std::string_view text() const noexcept { return text_; }

    /// Number of open elements.
    std::size_t depth() const noexcept { return depth_; }

    /// Where the last token begins, and where it ends.
    std::size_t token_position() const noexcept {
        return static_cast<std::size_t>(token_ - begin_);
    }
    std::size_t position() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

private:
    Token fail() noexcept;
    Token finish() noexcept;
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
