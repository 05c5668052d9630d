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
/// empty in any known encoding. Throws std::bad_alloc.
///
/// A body of more than kMaxSteps blocks and headers of members, all together, is malformed: a block
/// of a few bytes can take as much work as some thousands of them. A body of 64 KiB that is
/// compressed at once is some five blocks.
Decoded decode_content(std::string_view body, ContentEncoding encoding, std::size_t most,
                       Memory& memory);
inline constexpr std::size_t kMaxSteps = 24;

}  // namespace mfa_reset::http
