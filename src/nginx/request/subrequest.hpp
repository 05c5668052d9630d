// The library's Fetcher by nginx's subrequests, to a location that the operator configures.
#pragma once

#include <chrono>
#include <coroutine>
#include <cstddef>

#include "mfa_reset/fetch.hpp"
#include "mfa_reset/scheduler.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// The subrequests of one request, one at a time. Lives as long as the request: nginx reports the
/// end of a subrequest also when the coroutine that waited is gone.
class Subrequests final : public Fetcher {
public:
    /// `r` is the main request.
    Subrequests(ngx_http_request_t* r, Scheduler& scheduler) noexcept
        : r_(r), scheduler_(scheduler) {}
    Subrequests(const Subrequests&) = delete;
    Subrequests& operator=(const Subrequests&) = delete;
    ~Subrequests() = default;

    /// The coroutine no longer waits.
    void cancel() noexcept;

    /// Whether a subrequest still runs after its deadline. It holds the client's connection until
    /// it ends, but not the response.
    bool runs_on() const noexcept { return runs_on_; }

    /// Passes the bodies of subrequests to keep(). Call it once per configuration, when all modules
    /// are known.
    static void add_filter() noexcept;

    // Fetcher
    Task<FetchAnswer> fetch(const FetchOrder& order, Services& services) override;

private:
    struct End;

    bool start(const FetchOrder& order, Memory& memory);
    void wait(std::coroutine_handle<> waiting) noexcept;
    void proceed() noexcept;
    static void on_deadline(ngx_event_t* event) noexcept;
    static ngx_int_t on_end(ngx_http_request_t* sr, void* data, ngx_int_t rc) noexcept;
    static ngx_int_t on_body(ngx_http_request_t* r, ngx_chain_t* in) noexcept;
    void keep(ngx_http_request_t* sr, ngx_chain_t* in) noexcept;
    bool append(ngx_http_request_t* sr, const ngx_buf_t& buffer) noexcept;

    ngx_http_request_t* r_;
    Scheduler& scheduler_;
    ngx_http_request_t* subrequest_ = nullptr;
    ngx_uint_t status_ = 0;
    ngx_str_t body_{};  // of the response, as far as it has come; has `capacity_` bytes
    std::size_t capacity_ = 0;
    bool fits_ = true;
    bool whole_ = false;
    bool ended_ = false;
    bool runs_on_ = false;
    std::chrono::milliseconds deadline_{};
    ngx_event_t timer_{};
    std::coroutine_handle<> waiting_;
};

}  // namespace mfa_reset::nginx
