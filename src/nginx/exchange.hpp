// One request and its answer, from the whole request to the finalized one: what connects nginx's
// request to the library's coroutine.
#pragma once

#include <coroutine>

#include "mfa_reset/api.hpp"
#include "mfa_reset/driver.hpp"
#include "mfa_reset/scheduler.hpp"
#include "nginx/conf.hpp"
#include "nginx/ngx.hpp"
#include "nginx/request_memory.hpp"
#include "nginx/subrequest.hpp"
#include "nginx/trace_record.hpp"

namespace mfa_reset::nginx {

/// Lives in the request's pool. Whatever ends the request before the answer (the client leaves, the
/// connection breaks) runs the request's cleanups, and they cancel the coroutine.
class Exchange final : public Scheduler {
public:
    /// nullptr: no memory, or a body that could not be read.
    static Exchange* make(ngx_http_request_t* r) noexcept;

    Exchange(ngx_http_request_t* r, TraceRecord& record, Store& store) noexcept;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange() = default;

    /// Runs the API. It finalizes the request, now or when what it waits for has come.
    void start() noexcept;

    // Scheduler
    void resume_later(std::coroutine_handle<> waiting) noexcept override;

private:
    static void on_resume(ngx_event_t* event) noexcept;
    static void on_cleanup(void* data) noexcept;

    void proceed(Driver::State state) noexcept;
    void wait() noexcept;
    void finish() noexcept;

    ngx_http_request_t* r_;
    RequestMemory memory_;
    Subrequests subrequests_;
    Services services_;
    Request request_;
    Driver driver_;
    ngx_event_t resume_event_{};
    std::coroutine_handle<> waiting_;
};

}  // namespace mfa_reset::nginx
