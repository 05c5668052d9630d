#include "auth/random_id.hpp"

#include <openssl/rand.h>

#include <new>
#include <span>

#include "format/hex.hpp"

namespace mfa_reset::auth {

std::string_view RandomIds::next(Memory& memory) {
    if (used_ == bytes_.size()) {
        if (RAND_bytes(bytes_.data(), static_cast<int>(bytes_.size())) != 1) {
            throw std::bad_alloc();
        }
        used_ = 0;
    }
    auto* hex = static_cast<char*>(memory.allocate(2 * kIdBytes, 1));
    format::to_hex(std::span{bytes_}.subspan(used_, kIdBytes), hex);
    used_ += kIdBytes;
    return {hex, 2 * kIdBytes};
}

}  // namespace mfa_reset::auth
