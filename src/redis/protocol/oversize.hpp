// Removes values that are too large from Redis's replies, while they come in.
//
// All requests of a worker share a few connections, so a reply over the limit must not end one:
// only the request that asked for the value fails. A bulk string that would take its reply over the
// limit is replaced by an error reply, `TOOLARGE …`, and its bytes are discarded as they come.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mfa_reset::redis {

class OversizeFilter {
public:
    /// `limit`: bytes of one reply on the wire.
    explicit OversizeFilter(std::size_t limit) noexcept : limit_(limit) {}

    /// Bytes of the longest bulk string that is discarded: the default of Redis's
    /// proto-max-bulk-len. The reader refuses a longer one.
    static constexpr std::int64_t kLongest = 512LL * 1024 * 1024;

    /// Takes bytes from the front of `in`, which is not empty, and returns the bytes to read
    /// instead, possibly none. They are valid until the next call and while the bytes of `in` are.
    /// Call it until `in` is empty.
    std::string_view next(std::string_view& in) noexcept;

private:
    std::string_view complete_header(std::string_view& in) noexcept;
    std::string_view take_header(std::string_view header) noexcept;
    std::string_view take_bulk(std::string_view header, std::int64_t length) noexcept;
    std::string_view take_text(std::string_view& in) noexcept;
    void begin_value() noexcept;

    std::size_t limit_;
    std::uint64_t open_ = 0;       // values still to come in this reply
    std::size_t size_ = 0;         // of this reply, as it is passed on
    std::uint64_t payload_ = 0;    // bytes of a bulk string that passes, with its end
    std::uint64_t skip_ = 0;       // bytes to be discarded
    bool in_text_ = false;         // inside a line that came in parts
    bool broken_ = false;          // it is no reply: the reader will see that, too
    std::array<char, 32> held_{};  // the first part of a header; a longer one is invalid
    std::size_t held_size_ = 0;
};

}  // namespace mfa_reset::redis
