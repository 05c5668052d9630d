// The replies of the client have the type that APIs see.
#pragma once

#include "mfa_reset/memory.hpp"
#include "mfa_reset/reply.hpp"

namespace mfa_reset::redis {

using mfa_reset::Reply;

/// A copy with all its parts in `memory`. The codec limits the depth.
Reply copy(const Reply& reply, Memory& memory);

}  // namespace mfa_reset::redis
