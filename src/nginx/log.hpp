// What came from outside, made safe for a log line.
#pragma once

#include <array>
#include <string_view>

#include "mfa_reset/trace.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// A text with everything but printable ASCII, and `"` and `\`, written as \xHH, cut after 256
/// bytes.
class Escaped {
public:
    explicit Escaped(std::string_view text) noexcept;
    const ngx_str_t& text() const noexcept { return text_; }

private:
    static constexpr std::size_t kMost = 256;
    std::array<u_char, 4 * kMost> bytes_{};
    ngx_str_t text_{};
};

/// The one line of a refusal: API, caller, target, reason. Level `info`; `error` where the answer
/// is 500, which is never the client's fault.
void log_refusal(const ngx_http_request_t& r, const Trace& trace, int status) noexcept;

}  // namespace mfa_reset::nginx
