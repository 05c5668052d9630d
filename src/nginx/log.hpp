// What came from outside, made safe for a log line.
#pragma once

#include <string_view>

#include "format/escape.hpp"
#include "mfa_reset/trace.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// format::Escaped as nginx's `%V` takes it.
class Escaped {
public:
    explicit Escaped(std::string_view text) noexcept
        : escaped_(text), text_(str(escaped_.text())) {}
    Escaped(const Escaped&) = delete;
    Escaped& operator=(const Escaped&) = delete;
    ~Escaped() = default;

    const ngx_str_t& text() const noexcept { return text_; }

private:
    format::Escaped escaped_;
    ngx_str_t text_;
};

/// The one line of a refusal: API, caller, target, reason. Level `info`; `error` where the answer
/// is 500, which is never the client's fault.
void log_refusal(const ngx_http_request_t& r, const Trace& trace, int status) noexcept;

/// The one line of a request that got no answer although a change was sent, as its client has left:
/// the same, whatever the result. `status` is what the answer would have had.
void log_unanswered(const ngx_http_request_t& r, const Trace& trace, int status) noexcept;

}  // namespace mfa_reset::nginx
