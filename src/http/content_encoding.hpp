// Content-Encoding (RFC 9110, 8.4): undoes what a client compressed, within bounds of memory and of
// work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::http {

/// The encodings of one request. All lines of the header are one list.
class ContentEncoding {
public:
    /// The value of the next `Content-Encoding` line: `gzip`, `x-gzip`, `deflate` and `identity`,
    /// in any case. `identity` is none.
    void read(std::string_view line) noexcept;

    bool is_none() const noexcept { return kind_ == Kind::none; }

private:
    friend struct Decoded decode_content(std::string_view body, ContentEncoding encoding,
                                         std::size_t most, Memory& memory);
    enum class Kind : std::uint8_t {
        none,
        gzip,
        deflate,
        other,  ///< one that is not known, or more than one
    };
    Kind kind_ = Kind::none;
};

struct Decoded {
    enum class Outcome : std::uint8_t {
        good,
        too_large,  ///< more than `most` bytes; what is beyond was not inflated
        malformed,  ///< not such bytes, truncated, or with others behind; an encoding not known
    };
    Outcome outcome = Outcome::malformed;
    std::string_view body{};  ///< if good: `body` as it was given, or in `memory`
};

/// `body` without its encoding. `gzip` may have several members (RFC 1952, 2.2); `deflate` is
/// zlib's format (RFC 1950) or, as older clients send it, the raw one (RFC 1951). An empty body is
/// empty in any known encoding.
///
/// Some bytes of input can make much work, so there are bounds to it, far from what an encoder
/// makes of a request. A step is a block or a member's header.
///   - More than kMaxSteps are malformed. Each beyond four, and one for each 512 bytes of `body`,
///     counts as kStepBytes of output: so much work it is. 64 KiB that are compressed at once are
///     some five blocks of thousands of bytes.
///   - An output with more than kMaxMarks, and two for each byte of `body`, of the marks that
///     divide records (`,` `{` `[` `<` `&` `=` and `"`, the escapes `\` and `%`) is malformed: a
///     reader works at each.
Decoded decode_content(std::string_view body, ContentEncoding encoding, std::size_t most,
                       Memory& memory);
inline constexpr std::size_t kMaxSteps = 24;
inline constexpr std::size_t kStepBytes = 2816;
inline constexpr std::size_t kMaxMarks = 2048;

}  // namespace mfa_reset::http
