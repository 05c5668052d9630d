// What came from outside, made safe for one line of a log.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace mfa_reset::format {

/// A text with everything but printable ASCII, and `"` and `\`, written as \xHH, cut before what
/// would be longer than kMost. The result is the object's own and needs no memory of a request:
/// logs are written where there is none left, too.
class Escaped {
public:
    /// Bytes of the result: a log line of nginx's has 2048, for four such texts and what nginx
    /// adds, whose address it was.
    static constexpr std::size_t kMost = 256;

    explicit Escaped(std::string_view text) noexcept;

    /// At most kMost bytes. Lives as long as this object.
    std::string_view text() const noexcept { return {bytes_.data(), size_}; }

private:
    std::array<char, kMost> bytes_{};
    std::size_t size_ = 0;
};

}  // namespace mfa_reset::format
