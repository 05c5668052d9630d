// The present time. ngx_current_msec is the time at the beginning of this turn of the event loop.
// If something has blocked the worker since, a deadline that is computed from it, or compared with
// it, blames Redis for a stall of the worker.
//
// ngx_current_msec itself is not updated: timers of other modules would expire before the event
// loop has read what had come for them.
#pragma once

#include <algorithm>
#include <ctime>

#include "nginx/ngx.hpp"
#include "redis/connection/settings.hpp"

namespace mfa_reset::nginx {

/// On the clock of nginx's timers, and never before ngx_current_msec.
inline redis::Milliseconds now() noexcept {
    ngx_msec_t time = ngx_current_msec;
#if (NGX_HAVE_CLOCK_MONOTONIC)
    timespec fresh{};
    if (clock_gettime(CLOCK_MONOTONIC, &fresh) == 0) {
        time = std::max(time, static_cast<ngx_msec_t>(fresh.tv_sec) * 1000 +
                                  static_cast<ngx_msec_t>(fresh.tv_nsec) / 1000000);
    }
#else
    timeval fresh{};
    ngx_gettimeofday(&fresh);
    time = std::max(time, static_cast<ngx_msec_t>(fresh.tv_sec) * 1000 +
                              static_cast<ngx_msec_t>(fresh.tv_usec) / 1000);
#endif
    return redis::Milliseconds{static_cast<redis::Milliseconds::rep>(time)};
}

/// Milliseconds since the event loop has read the time, from which nginx counts its timers.
inline ngx_msec_t loop_is_late() noexcept {
    return static_cast<ngx_msec_t>(now().count()) - ngx_current_msec;
}

/// Sets the timer `event` for `delay` after now(). Replaces the earlier setting.
inline void set_timer(ngx_event_t& event, redis::Milliseconds delay) noexcept {
    if (event.timer_set) {
        ngx_del_timer(&event);
    }
    ngx_add_timer(&event, static_cast<ngx_msec_t>(delay.count()) + loop_is_late());
}

}  // namespace mfa_reset::nginx
