// One HTTP request to a system behind, as an API sees it: an awaitable call that knows no sockets.
#pragma once

#include <span>
#include <string_view>

#include "mfa_reset/message.hpp"
#include "mfa_reset/task.hpp"

namespace mfa_reset {

class Services;

/// A POST. The views must live until the Task has ended.
struct FetchOrder {
    std::string_view uri;             ///< where to, `/am-session`: the operator's configuration
    std::span<const Header> headers;  ///< all there are, but for Host and Content-Length
    std::string_view body;
};

struct FetchAnswer {
    int status = 0;         ///< 0: no answer came
    std::string_view body;  ///< lives as long as the request's memory
};

class Fetcher {
public:
    /// Ends when the answer is whole, by the timeouts of what is behind, or at the request's
    /// deadline, whichever is first. Never throws but std::bad_alloc.
    virtual Task<FetchAnswer> fetch(const FetchOrder& order, Services& services) = 0;

protected:
    ~Fetcher() = default;
};

}  // namespace mfa_reset
