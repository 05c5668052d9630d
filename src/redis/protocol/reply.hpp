// Replies as the client reads them: the type is the one that APIs see.
#pragma once

#include "mfa_reset/memory.hpp"
#include "mfa_reset/reply.hpp"

namespace mfa_reset::redis {

using mfa_reset::Reply;

/// A copy whose parts all live in `memory`. Throws std::bad_alloc. Replies are at most as deep as
/// the codec lets pass.
Reply copy(const Reply& reply, Memory& memory);

}  // namespace mfa_reset::redis
