// Log lines, and the escaping of text from outside for them.
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

/// The one line of a refusal: API, caller, target, reason. Level `info`; `error` for a 500, which
/// is never the client's fault.
void log_refusal(const ngx_http_request_t& r, const Trace& trace, int status) noexcept;

/// The one line of a request whose client left after a change was sent: the same as for a refusal,
/// for any result. `status` is that of the response which was not sent.
void log_unanswered(const ngx_http_request_t& r, const Trace& trace, int status) noexcept;

}  // namespace mfa_reset::nginx
