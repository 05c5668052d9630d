#include "nginx/log.hpp"

namespace mfa_reset::nginx {

namespace {

/// One line: API, result, caller, target, reason.
void log_end(const ngx_http_request_t& r, const Trace& trace, int status,
             std::string_view how) noexcept {
    const ngx_uint_t level = status == NGX_HTTP_INTERNAL_SERVER_ERROR ? NGX_LOG_ERR : NGX_LOG_INFO;
    if (r.connection->log->log_level < level) {
        return;  // nginx would check this only after the escaping
    }
    const Escaped caller(trace.caller);
    const bool has_target = !trace.target.empty();
    const Escaped realm(has_target && trace.realm != "/" ? trace.realm : std::string_view{});
    const Escaped target(trace.target);
    const Escaped reason(trace.reason);
    const ngx_str_t what = str(how);
    const ngx_str_t api = str(trace.api);
    const ngx_str_t result = str(to_string(trace.result));
    ngx_log_error(level, r.connection->log, 0,
                  "mfa_reset: %V %V: %V, caller \"%V\", target \"%V%s%V\", reason \"%V\"", &what,
                  &api, &result, &caller.text(), &realm.text(), has_target ? "/" : "",
                  &target.text(), &reason.text());
}

}  // namespace

void log_refusal(const ngx_http_request_t& r, const Trace& trace, int status) noexcept {
    switch (trace.result) {
        case Result::undecided:
        case Result::forwarded:
        case Result::fallback: return;
        case Result::ok:
        case Result::none:
            if (!trace.reason.empty()) {
                log_end(r, trace, status, "noted");
            }
            return;
        default: log_end(r, trace, status, "refused");
    }
}

void log_unanswered(const ngx_http_request_t& r, const Trace& trace, int status) noexcept {
    log_end(r, trace, status, "unanswered");
}

}  // namespace mfa_reset::nginx
