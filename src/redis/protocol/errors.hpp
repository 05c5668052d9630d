// What the errors of Redis mean: for the answer, for the log, and for what the client does next. By
// their first word, which names the class. docs/reference/log-lines.md has the same table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "redis/protocol/reply.hpp"

namespace mfa_reset::redis {

enum class Remedy : std::uint8_t {
    none,
    reconnect,     ///< what was agreed on when the connection was made holds no more
    other_master,  ///< the server is a replica now: look who is master
    redirect,      ///< MOVED and ASK name the node that has the slot
    wait,          ///< a moment later it may be different
};

/// What shows that a class of errors is over.
enum class Proof : std::uint8_t {
    answer,  ///< a command was answered
    write,   ///< something was written: what only reads was never refused
};

struct ErrorClass {
    std::string_view name;
    /// Not now, and nothing was done; every other error is an answer of the wrong kind.
    bool passing;
    Remedy remedy;
    Proof proof;
    /// What it says of the server and what the operator should do, for the log. Empty: nothing
    /// that lasts.
    std::string_view advice;
};

inline constexpr std::size_t kErrorClasses = 15;

/// All that are known by name.
std::span<const ErrorClass, kErrorClasses> error_classes() noexcept;

/// The class that is called `name`; for an unknown one, a class without a name.
const ErrorClass& error_class(std::string_view name) noexcept;

/// The class of an error reply. Looks into what Redis says of a command that a script gave.
const ErrorClass& error_class(const Reply& error) noexcept;

/// `text`, an error that `words` got, up to where it quotes one of the arguments: they may be
/// secret, and an error may repeat what it was sent (`ERR unknown command …`).
std::string_view without_arguments(std::string_view text,
                                   std::span<const std::string_view> words) noexcept;

}  // namespace mfa_reset::redis
