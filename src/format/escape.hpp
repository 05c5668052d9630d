// Text from outside, made safe for one line of a log.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace mfa_reset::format {

/// A text in which `"`, `\` and every byte that is not printable ASCII are written as \xHH, cut to
/// kMost bytes. The result is stored in the object: a log line must be possible without memory,
/// too.
class Escaped {
public:
    /// Bytes of the result. nginx's log lines have 2048: enough for four such texts and what nginx
    /// adds.
    static constexpr std::size_t kMost = 256;

    explicit Escaped(std::string_view text) noexcept;

    /// At most kMost bytes, owned by this object.
    std::string_view text() const noexcept { return {bytes_.data(), size_}; }

private:
    std::array<char, kMost> bytes_{};
    std::size_t size_ = 0;
};

}  // namespace mfa_reset::format
