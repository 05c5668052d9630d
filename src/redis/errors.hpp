// What the errors of Redis mean: for the answer, and for what the client does next. By their first
// word, which names the class.
#pragma once

#include <cstdint>
#include <string_view>

namespace mfa_reset::redis {

enum class Remedy : std::uint8_t {
    none,
    reconnect,     ///< what was agreed on when the connection was made holds no more
    other_master,  ///< the server is a replica now: look who is master
    redirect,      ///< MOVED and ASK name the node that has the slot
    wait,          ///< a moment later it may be different
};

struct ErrorClass {
    std::string_view name;
    /// Not now, and nothing was done; every other error is an answer of the wrong kind.
    bool passing;
    Remedy remedy;
};

/// The class that is called `name`; for an unknown one, a class without a name.
const ErrorClass& error_class(std::string_view name) noexcept;

}  // namespace mfa_reset::redis
