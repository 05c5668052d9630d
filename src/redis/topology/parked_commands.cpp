#include "redis/topology/parked_commands.hpp"

#include <algorithm>

namespace mfa_reset::redis {

void ParkedCommands::park(Command& command) noexcept {
    command.wait_with(*this, commands_);
    first_deadline_ = std::min(first_deadline_, command.options().deadline);
}

Command* ParkedCommands::take() noexcept {
    Command* command = commands_.front();
    if (command != nullptr) {
        withdraw(*command);
    }
    return command;
}

void ParkedCommands::withdraw(Command& command) noexcept {
    command.leave_list();
    if (commands_.empty()) {
        first_deadline_ = Milliseconds::max();
    }
}

}  // namespace mfa_reset::redis
