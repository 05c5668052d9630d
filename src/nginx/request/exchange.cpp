#include "nginx/request/exchange.hpp"

#include "nginx/clock.hpp"
#include "nginx/log.hpp"
#include "nginx/request/client.hpp"
#include "nginx/request/message.hpp"

namespace mfa_reset::nginx {

namespace {

constexpr std::string_view kClientLeft = "the client left";

redis::Milliseconds request_deadline(const LocConf& conf) noexcept {
    return now() + redis::Milliseconds{static_cast<redis::Milliseconds::rep>(conf.timeout)};
}

}  // namespace

Exchange* Exchange::make(ngx_http_request_t* r) noexcept {
    return guarded<Exchange*>(nullptr, [r]() -> Exchange* {
        const LocConf& conf = loc_conf(r);
        TraceRecord* record = add_trace_record(r);
        ngx_http_cleanup_t* cleanup = ngx_http_cleanup_add(r, 0);
        void* place = ngx_palloc(r->pool, sizeof(Exchange));
        if (record == nullptr || cleanup == nullptr || place == nullptr) {
            return nullptr;
        }
        record->trace.api = conf.handler->name();
        record->server = &conf.records->server();
        auto* exchange = new (place) Exchange(r, *record);
        ngx_http_set_ctx(r, exchange, ngx_http_mfa_reset_module);
        cleanup->handler = on_cleanup;
        cleanup->data = exchange;
        if (!read_request(r, exchange->memory_, exchange->request_)) {
            return nullptr;
        }
        return exchange;
    });
}

Exchange::Exchange(ngx_http_request_t* r, TraceRecord& record) noexcept
    : r_(r),
      memory_(r->pool),
      subrequests_(r, *this),
      services_(memory_, *this, record.trace, request_deadline(loc_conf(r)), &subrequests_) {
    resume_event_.data = this;
    resume_event_.handler = on_resume;
    resume_event_.log = r->connection->log;
}

void Exchange::start() noexcept {
    wait();
    proceed(guarded(Driver::State::done, [this] {
        return driver_.start(loc_conf(r_).handler->serve(request_, services_));
    }));
}

void Exchange::resume_later(std::coroutine_handle<> waiting) noexcept {
    waiting_ = waiting;
    ngx_post_event(&resume_event_, &ngx_posted_events);
}

void Exchange::on_resume(ngx_event_t* event) noexcept {
    auto& exchange = *static_cast<Exchange*>(event->data);
    ngx_connection_t* connection = exchange.r_->connection;
    ngx_http_set_log_request(connection->log, exchange.r_);
    exchange.proceed(exchange.driver_.resume(exchange.waiting_));
    ngx_http_run_posted_requests(connection);
}

/// The client has sent something, or has left.
void Exchange::on_read(ngx_http_request_t* r) noexcept {
    auto& exchange = *static_cast<Exchange*>(ngx_http_get_module_ctx(r, ngx_http_mfa_reset_module));
    if (!client_has_left(*r)) {
        ngx_http_block_reading(r);
    } else if (exchange.services_.trace().act_sent) {
        exchange.client_left_ = true;
        note_client_left(*r);
    } else {
        exchange.cancel();  // before nginx ends the request, or begins its post_action
        ngx_http_test_reading(r);
    }
}

/// If a change was sent, the request ends before its result is known: this goes to the log.
void Exchange::on_cleanup(void* data) noexcept {
    auto& exchange = *static_cast<Exchange*>(data);
    const bool waits = exchange.driver_.state() == Driver::State::suspended;
    exchange.cancel();
    if (waits && exchange.services_.trace().act_sent) {
        exchange.log_unanswered(0, "nginx ended the request before Redis answered");
    }
}

void Exchange::cancel() noexcept {
    if (resume_event_.posted) {
        ngx_delete_posted_event(&resume_event_);
    }
    subrequests_.cancel();
    driver_.cancel();
}

void Exchange::proceed(Driver::State state) noexcept {
    switch (state) {
        case Driver::State::done: finish(); break;
        case Driver::State::suspended:
        case Driver::State::idle:
        case Driver::State::running:
        case Driver::State::cancelled: break;
    }
}

/// Notices a client that leaves, unless nginx is still discarding the request body.
void Exchange::wait() noexcept {
    if (!r_->discard_body) {
        r_->read_event_handler = on_read;
    }
    r_->write_event_handler = ngx_http_request_empty_handler;
}

void Exchange::finish() noexcept {
    if (!r_->discard_body) {
        r_->read_event_handler = ngx_http_test_reading;
    }
    if (subrequests_.runs_on()) {
        r_->keepalive = 0;  // the client's next request would wait for the subrequest
    }
    const auto& response = driver_.response();
    if (!response) {
        ngx_log_error(NGX_LOG_ERR, r_->connection->log, 0, "mfa_reset: no memory for a request");
    }
    if (response && response->forward) {
        hand_on();
        return;
    }
    const int status = response ? response->status : NGX_HTTP_INTERNAL_SERVER_ERROR;
    if (client_left_) {
        log_unanswered(status, kClientLeft);
        r_->connection->error = 1;
        ngx_http_finalize_request(r_, NGX_HTTP_CLIENT_CLOSED_REQUEST);
    } else if (response) {
        log_refusal(*r_, services_.trace(), status);
        ngx_http_finalize_request(r_, send_response(r_, *response));
    } else {
        ngx_http_finalize_request(r_, status);
    }
}

/// Also if the client has left: the event says that the request was forwarded.
void Exchange::hand_on() noexcept {
    if (client_left_) {
        log_unanswered(0, kClientLeft);
    }
    r_->read_event_handler = ngx_http_block_reading;
    ngx_http_finalize_request(r_, ngx_http_named_location(r_, &loc_conf(r_).fallback));
}

/// A change was sent, and the client has left: its result goes to the log.
void Exchange::log_unanswered(int status, std::string_view why) noexcept {
    Trace& trace = services_.trace();
    if (trace.result == Result::undecided) {
        trace.result = Result::uncertain;
    }
    if (trace.reason.empty()) {
        trace.reason = why;
    }
    nginx::log_unanswered(*r_, trace, status);
}

}  // namespace mfa_reset::nginx
