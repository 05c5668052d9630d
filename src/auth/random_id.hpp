// Ids of requests, from random bytes: 128 bits as 32 hex digits.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::auth {

/// Reads OpenSSL's generator in blocks, since each read costs a lock and a system call. The first
/// block is read at the first use, so that processes forked before do not share ids.
class RandomIds {
public:
    /// A new id, in `memory`.
    std::string_view next(Memory& memory);

private:
    static constexpr std::size_t kIdBytes = 16;
    std::array<unsigned char, 64 * kIdBytes> bytes_{};
    std::size_t used_ = bytes_.size();
};

}  // namespace mfa_reset::auth
