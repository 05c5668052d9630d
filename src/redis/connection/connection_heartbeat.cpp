// Connection: the heartbeat of an idle one. It uses the link timer, which a ready connection needs
// otherwise only while a reply is overdue or it is leaving. Commands do not touch this timer: when
// it fires, it is set again for the rest of the idle time since the last reply.
#include <algorithm>
#include <array>
#include <new>

#include "redis/connection/connection.hpp"

namespace mfa_reset::redis {

/// How long no reply may come while one is overdue. With a heartbeat, at most the time in which it
/// finds a dead idle connection.
Milliseconds Connection::longest_silence() const noexcept {
    if (pinging_) {
        return settings_.timeout;
    }
    return settings_.heartbeat == Milliseconds{0}
               ? settings_.connect_timeout
               : std::min(settings_.connect_timeout, settings_.heartbeat + settings_.timeout);
}

/// The link timer of a connection that serves has fired.
void Connection::look() noexcept {
    check_silence();
    if (serves() && !watching_silence_) {
        ping_if_idle();
    }
}

/// A reply has come for a command that ended early. If the silence was watched because of it, the
/// next heartbeat is due after an interval, not when that watch would have ended.
void Connection::end_watch() noexcept {
    if (!watching_silence_) {
        return;
    }
    watching_silence_ = false;
    if (expected_count_ != 0 && expected(first_expected_).command == nullptr) {
        watch_silence();
    } else {
        ping_if_idle();
    }
}

void Connection::ping_if_idle() noexcept {
    if (settings_.heartbeat == Milliseconds{0}) {
        return;
    }
    const Milliseconds now = network_.now();
    const bool busy = expected_count_ != 0 || !unsent_.empty();
    const Milliseconds due = (busy ? now : last_heard_) + settings_.heartbeat;
    if (due > now) {
        transport_->set_timer(Timer::link, due - now);
        return;
    }
    try {
        constexpr std::array<std::string_view, 1> kPing{"PING"};
        append(kPing, nullptr, now);
    } catch (const std::bad_alloc&) {
        drop("no memory");
        return;
    }
    pinging_ = true;
    transport_->flush_later();
    watch_silence();
}

}  // namespace mfa_reset::redis
