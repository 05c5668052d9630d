// See log.hpp.
#include "nginx/log.hpp"

namespace mfa_reset::nginx {

void log_refusal(const ngx_http_request_t& r, const Trace& trace, int status) noexcept {
    switch (trace.result) {
        case Result::undecided:
        case Result::ok:
        case Result::none:
        case Result::forwarded:
        case Result::fallback: return;
        default: break;
    }
    const ngx_uint_t level = status == NGX_HTTP_INTERNAL_SERVER_ERROR ? NGX_LOG_ERR : NGX_LOG_INFO;
    if (r.connection->log->log_level < level) {
        return;  // nginx would look at this only after all was escaped
    }
    const Escaped caller(trace.caller);
    const Escaped realm(trace.realm == "/" ? std::string_view{} : trace.realm);
    const Escaped target(trace.target);
    const Escaped reason(trace.reason);
    const ngx_str_t api = str(trace.api);
    const ngx_str_t result = str(to_string(trace.result));
    ngx_log_error(level, r.connection->log, 0,
                  "mfa_reset: refused %V: %V, caller \"%V\", target \"%V/%V\", reason \"%V\"", &api,
                  &result, &caller.text(), &realm.text(), &target.text(), &reason.text());
}

}  // namespace mfa_reset::nginx
