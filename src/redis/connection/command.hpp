// One command to Redis in flight. While it waits it is linked into a connection or another holder.
// It ends in exactly one way: by a reply, by a failure, or by its own destruction; the connection
// then drops a reply that still comes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "redis/connection/settings.hpp"
#include "redis/protocol/reply.hpp"

namespace mfa_reset::redis {

class Command;

/// What a command waits in: a Connection, ParkedCommands, a Replication.
class CommandHolder {
public:
    /// `command` is being destroyed.
    virtual void withdraw(Command& command) noexcept = 0;

protected:
    ~CommandHolder() = default;
};

/// How a command ended.
struct Outcome {
    enum class Kind : std::uint8_t {
        reply,        ///< `reply` is what Redis said, errors included
        unavailable,  ///< it was never run: not sent, or read-only
        uncertain,    ///< it was sent and writes, and its reply is lost or late
    };
    Kind kind = Kind::unavailable;
    Reply reply;                      ///< of a Call: lives in its memory
    std::uint64_t connection_id = 0;  ///< of a reply: the connection it came by, see Connection::id
    std::string_view why;             ///< of a failure; a literal
};

class CommandList;

struct CommandOptions {
    bool writes = false;           ///< a lost reply is `uncertain`, and it is not sent again
    Milliseconds deadline{};       ///< on the network's clock
    std::string_view key = {};     ///< where it is to be run: the slot of this key
    bool via_replication = false;  ///< is sent on the connection for probes, see Replication
    bool background = false;       ///< of no request: a worker that ends does not wait for it
    bool* sent = nullptr;  ///< set to true when a connection takes it for sending; outlives it
};

/// What a cluster notes of a command on its way to the right node.
struct Routing {
    bool asking = false;         ///< ASKING goes right before it
    std::uint8_t redirects = 0;  ///< followed so far
    std::uint8_t in_a_row = 0;   ///< of these, without a pause
};

class Command {
public:
    /// `words` (the command and its arguments) and `options.key` outlive the Command.
    Command(std::span<const std::string_view> words, CommandOptions options) noexcept
        : words_(words), options_(options) {}
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;
    /// Takes it out of where it waits.
    virtual ~Command();

    std::span<const std::string_view> words() const noexcept { return words_; }
    const CommandOptions& options() const noexcept { return options_; }
    /// Whether a connection has taken it for sending; then it cannot be taken back.
    bool is_sent() const noexcept { return sent_; }
    /// Of the reply: see Connection::id.
    std::uint64_t connection_id() const noexcept { return connection_id_; }

    // For holders other than connections.
    void wait_with(CommandHolder& holder, CommandList& list) noexcept;
    void leave_list() noexcept;

    Routing& routing() noexcept { return routing_; }

    /// How it ends; it is in no list then. These only take note: everything else comes later, from
    /// the event loop.
    virtual void complete(const Reply& reply) noexcept = 0;
    virtual void fail(Outcome::Kind kind, std::string_view why) noexcept = 0;

private:
    friend class CommandList;
    friend class Connection;

    std::span<const std::string_view> words_;
    CommandOptions options_;
    Routing routing_;

    // What it waits in. In a connection it is either in the list of unsent commands or among the
    // expected replies.
    CommandHolder* holder_ = nullptr;
    CommandList* list_ = nullptr;  ///< of a holder other than a connection
    bool sent_ = false;
    std::uint64_t connection_id_ = 0;
    std::uint64_t place_ = 0;  ///< among the expected replies
    Command* previous_ = nullptr;
    Command* next_ = nullptr;
};

/// Commands that were not sent yet, in order.
class CommandList {
public:
    bool empty() const noexcept { return first_ == nullptr; }
    std::size_t size() const noexcept { return size_; }
    Command* front() const noexcept { return first_; }
    static Command* after(const Command& command) noexcept { return command.next_; }
    void push_back(Command& command) noexcept;
    void remove(Command& command) noexcept;

private:
    Command* first_ = nullptr;
    Command* last_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace mfa_reset::redis
