// What the errors of Redis mean for the response, the log and the client. The first word of an
// error names its class. docs/reference/log-lines.md has the same table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "redis/protocol/reply.hpp"

namespace mfa_reset::redis {

enum class Remedy : std::uint8_t {
    none,
    reconnect,     ///< the greeting is no longer valid
    other_master,  ///< the server is a replica now: find the master
    redirect,      ///< MOVED and ASK name the node that has the slot
    wait,          ///< try again a moment later
};

/// What proves that an error episode is over.
enum class Proof : std::uint8_t {
    answer,  ///< a command was answered
    write,   ///< something was written: reads were never refused
};

struct ErrorClass {
    std::string_view name;
    /// Temporary, and the command did not run: 503. Every other error is a 500.
    bool passing;
    Remedy remedy;
    Proof proof;
    /// The state of the server, and what the operator should do, for the log. Empty: no episode.
    std::string_view advice;
};

inline constexpr std::size_t kErrorClasses = 15;

/// All classes with a name.
std::span<const ErrorClass, kErrorClasses> error_classes() noexcept;

/// The class that is called `name`; for an unknown one, a class without a name.
const ErrorClass& error_class(std::string_view name) noexcept;

/// The class of an error reply. For an error of a command inside a script, the class of that error.
const ErrorClass& error_class(const Reply& error) noexcept;

/// The part of `text`, the error of command `words`, before any quoted argument: an error may
/// repeat what was sent (`ERR unknown command …`), and arguments may be secret.
std::string_view without_arguments(std::string_view text,
                                   std::span<const std::string_view> words) noexcept;

}  // namespace mfa_reset::redis
