// Bytes to replies and commands to bytes: hiredis's reader behind limits of ours, and commands as
// its formatter writes them.
//
// hiredis 0.14 lets a server announce an array of two thousand million elements and reserves it,
// buffers a bulk string of any length, and leaves the depth to a fixed stack. Here a value that is
// too large is discarded, and an error reply is in its place (see oversize.hpp); any other reply
// over a limit ends the parse with an error, and the connection with it.
#pragma once

#include <hiredis/hiredis.h>

#include <array>
#include <cstddef>
#include <memory>
#include <memory_resource>
#include <new>
#include <span>
#include <string>
#include <string_view>

#include "redis/protocol/oversize.hpp"
#include "redis/protocol/reply.hpp"

namespace mfa_reset::redis {

struct ReplyLimits {
    std::size_t bytes = 1024UL * 1024;  ///< of one reply on the wire
    std::size_t elements = 1024;        ///< of one reply, all its arrays together

    bool operator==(const ReplyLimits&) const = default;
};

class ReplyReader {
public:
    explicit ReplyReader(ReplyLimits limits = {});
    ReplyReader(const ReplyReader&) = delete;
    ReplyReader& operator=(const ReplyReader&) = delete;
    ~ReplyReader();

    /// Takes bytes as they came. False: no memory; the reader is of no more use.
    bool feed(std::string_view bytes) noexcept;

    enum class Next { reply, more, error };

    /// The next whole reply. It is in reply() until the next call. After `error` (protocol broken
    /// or limit passed, see error()) the reader is of no more use until reset().
    Next next() noexcept;
    const Reply& reply() const noexcept { return *reply_; }
    std::string_view error() const noexcept { return error_; }

    /// Forgets all that was fed: for a new connection.
    void reset();

private:
    friend struct ReaderCallbacks;

    Next fail(std::string_view why) noexcept;
    /// The place for the value that `task` describes, or nullptr where it may not be.
    Reply* place(const redisReadTask& task) noexcept;

    struct FreeReader {
        void operator()(redisReader* reader) const noexcept { redisReaderFree(reader); }
    };

    ReplyLimits limits_;
    OversizeFilter filter_{limits_.bytes};
    std::unique_ptr<redisReader, FreeReader> reader_;
    std::array<std::byte, 4096> first_bytes_{};
    std::pmr::monotonic_buffer_resource memory_{first_bytes_.data(), first_bytes_.size()};
    const Reply* reply_ = nullptr;
    std::size_t bytes_ = 0;  // of the reply being read, that hiredis has taken
    std::size_t elements_ = 0;
    bool over_limit_ = false;
    std::string_view error_;
};

/// Appends a command in Redis's wire format: an array of bulk strings. Throws std::bad_alloc, and
/// then has appended nothing.
///
/// Not by hiredis's formatter, whose bytes these are (a test compares them): that one makes a
/// string of its own for each command, to be copied and freed again, and takes a good fifth of all
/// instructions that a reset costs.
void append_command(std::string& out, std::span<const std::string_view> arguments);

}  // namespace mfa_reset::redis
