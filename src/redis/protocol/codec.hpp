// Bytes to replies and commands to bytes: hiredis's reader with limits of ours, and commands as its
// formatter writes them.
//
// hiredis 0.14 reserves memory for an array of two thousand million elements if a server announces
// one, buffers a bulk string of any length, and limits the depth only by a fixed stack. Here a
// value that is too large is discarded and replaced by an error reply (see oversize.hpp); any other
// reply over a limit ends the parse, and the connection, with an error.
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

    /// Takes bytes as they came. False: no memory; the reader is unusable.
    bool feed(std::string_view bytes) noexcept;

    enum class Next { reply, more, error };

    /// Reads the next whole reply, which is in reply() until the next call. After `error` (invalid
    /// protocol, or over a limit: see error()) the reader is unusable until reset().
    Next next() noexcept;
    const Reply& reply() const noexcept { return *reply_; }
    std::string_view error() const noexcept { return error_; }

    /// Drops everything that was fed: for a new connection.
    void reset();

private:
    friend struct ReaderCallbacks;

    Next fail(std::string_view why) noexcept;
    /// The place for the value that `task` describes; nullptr: it is over a limit.
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
/// hiredis's formatter writes the same bytes (a test compares them), but allocates a string for
/// each command: that is a fifth of all instructions of a reset.
void append_command(std::string& out, std::span<const std::string_view> arguments);

}  // namespace mfa_reset::redis
