#include "redis/connection/command.hpp"

namespace mfa_reset::redis {

Command::~Command() {
    if (holder_ != nullptr) {
        holder_->withdraw(*this);
    }
}

void Command::wait_with(CommandHolder& holder, CommandList& list) noexcept {
    holder_ = &holder;
    list_ = &list;
    list.push_back(*this);
}

void Command::leave_list() noexcept {
    list_->remove(*this);
    list_ = nullptr;
    holder_ = nullptr;
}

void CommandList::push_back(Command& command) noexcept {
    command.previous_ = last_;
    command.next_ = nullptr;
    (last_ == nullptr ? first_ : last_->next_) = &command;
    last_ = &command;
    ++size_;
}

void CommandList::remove(Command& command) noexcept {
    (command.previous_ == nullptr ? first_ : command.previous_->next_) = command.next_;
    (command.next_ == nullptr ? last_ : command.next_->previous_) = command.previous_;
    command.previous_ = nullptr;
    command.next_ = nullptr;
    --size_;
}

}  // namespace mfa_reset::redis
