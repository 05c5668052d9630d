// Commands that wait without a connection, until they are tried again or their deadline has passed.
#pragma once

#include <string_view>

#include "redis/connection/command.hpp"

namespace mfa_reset::redis {

class ParkedCommands final : public CommandHolder {
public:
    ParkedCommands() = default;
    ParkedCommands(const ParkedCommands&) = delete;
    ParkedCommands& operator=(const ParkedCommands&) = delete;
    ~ParkedCommands() = default;

    bool empty() const noexcept { return commands_.empty(); }
    std::size_t size() const noexcept { return commands_.size(); }
    /// No command has an earlier deadline. May be that of a command which is gone.
    Milliseconds first_deadline() const noexcept { return first_deadline_; }

    /// Takes `command`, which is in no list.
    void park(Command& command) noexcept;
    /// Removes the oldest command and returns it; nullptr: empty.
    Command* take() noexcept;

    // CommandHolder
    void withdraw(Command& command) noexcept override;

private:
    CommandList commands_;
    Milliseconds first_deadline_ = Milliseconds::max();
};

}  // namespace mfa_reset::redis
