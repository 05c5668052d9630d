// An nginx timer for the Redis client.
#pragma once

#include "nginx/clock.hpp"
#include "nginx/ngx.hpp"
#include "redis/connection/transport.hpp"

namespace mfa_reset::nginx {

class RedisAlarm final : public redis::Alarm {
public:
    RedisAlarm(redis::AlarmOwner& owner, ngx_log_t* log) noexcept : owner_(owner) {
        event_.data = this;
        event_.handler = [](ngx_event_t* event) {
            static_cast<RedisAlarm*>(event->data)->owner_.alarm();
        };
        event_.log = log;
        event_.cancelable = 1;
    }
    RedisAlarm(const RedisAlarm&) = delete;
    RedisAlarm& operator=(const RedisAlarm&) = delete;
    ~RedisAlarm() override { clear(); }

    // redis::Alarm
    void set(redis::Milliseconds delay) noexcept override { nginx::set_timer(event_, delay); }
    void clear() noexcept override {
        if (event_.timer_set) {
            ngx_del_timer(&event_);
        }
    }
    void set_awaited(bool awaited) noexcept override { event_.cancelable = awaited ? 0 : 1; }

private:
    redis::AlarmOwner& owner_;
    ngx_event_t event_{};
};

}  // namespace mfa_reset::nginx
