// What ties a request to others in the logs of several systems: AM's transaction id, and the trace
// of W3C Trace Context. Source: contracts am.md, "Beside AM", sessions; W3C Trace Context,
// section 3.2.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "am/headers.hpp"
#include "mfa_reset/memory.hpp"
#include "mfa_reset/message.hpp"

namespace mfa_reset::am {

/// The trace that the event records: the value of `X-ForgeRock-TransactionId`, if it is 1 to 128 of
/// `A-Z a-z 0-9 . / _ -`; else the trace id of a valid `traceparent`; else empty.
std::string_view trace_of(const Headers& headers) noexcept;

/// The headers that AM is sent about a caller: the token and AM's load balancer cookie, and those
/// of the client that its logs are correlated by.
class CarriedHeaders {
public:
    /// The client's headers, and the name and value of the token's cookie. Views into them and into
    /// `memory`, which outlive this object.
    CarriedHeaders(const Headers& headers, std::span<const Header> all, std::string_view cookie,
                   Memory& memory);

    /// Adds one of the module's own. There is room for four.
    void add(std::string_view name, std::string_view value) noexcept {
        headers_[count_++] = {name, value};
    }
    std::span<const Header> view() const noexcept { return {headers_.data(), count_}; }

private:
    std::array<Header, 8> headers_{};
    std::size_t count_ = 0;
};

}  // namespace mfa_reset::am
