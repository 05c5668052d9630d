// Commands that no connection has: they wait for a better moment, and end by their own deadline at
// the latest.
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
    /// No command's deadline is before this one. It may be that of a command which is gone.
    Milliseconds first_deadline() const noexcept { return first_deadline_; }

    /// Takes `command`, which is linked nowhere.
    void park(Command& command) noexcept;
    /// The oldest one, linked nowhere from now on; nullptr: there is none.
    Command* take() noexcept;

    // CommandHolder
    void withdraw(Command& command) noexcept override;

private:
    CommandList commands_;
    Milliseconds first_deadline_ = Milliseconds::max();
};

}  // namespace mfa_reset::redis
