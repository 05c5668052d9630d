// Connects nginx's request to the library's coroutine: from the whole request to the finalized one.
#pragma once

#include <coroutine>
#include <string_view>

#include "mfa_reset/api.hpp"
#include "mfa_reset/driver.hpp"
#include "mfa_reset/scheduler.hpp"
#include "nginx/conf/conf.hpp"
#include "nginx/ngx.hpp"
#include "nginx/request/request_memory.hpp"
#include "nginx/request/subrequest.hpp"
#include "nginx/request/trace_record.hpp"

namespace mfa_reset::nginx {

/// Lives in the request's pool.
///
/// If the client leaves before a change was sent, the coroutine is cancelled. After that it runs on
/// as if the client were there, and the request ends with 499 and a known result. Everything else
/// that ends the request before its response (worker_shutdown_timeout, a subrequest of another
/// module) runs the request's cleanups, and they cancel the coroutine.
class Exchange final : public Scheduler {
public:
    /// nullptr: no memory, or a body that could not be read.
    static Exchange* make(ngx_http_request_t* r) noexcept;

    Exchange(ngx_http_request_t* r, TraceRecord& record) noexcept;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange() = default;

    /// Runs the API, which finalizes the request now or later.
    void start() noexcept;

    // Scheduler
    void resume_later(std::coroutine_handle<> waiting) noexcept override;

private:
    static void on_resume(ngx_event_t* event) noexcept;
    static void on_read(ngx_http_request_t* r) noexcept;
    static void on_cleanup(void* data) noexcept;

    void proceed(Driver::State state) noexcept;
    void wait() noexcept;
    void cancel() noexcept;
    void finish() noexcept;
    void hand_on() noexcept;
    void log_unanswered(int status, std::string_view why) noexcept;

    ngx_http_request_t* r_;
    RequestMemory memory_;
    Subrequests subrequests_;
    Services services_;
    Request request_;
    Driver driver_;
    ngx_event_t resume_event_{};
    std::coroutine_handle<> waiting_;
    bool client_left_ = false;  // but the request waits for the result
};

}  // namespace mfa_reset::nginx
