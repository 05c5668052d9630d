// One HTTP request to the system behind nginx, as an awaitable call.
#pragma once

#include <span>
#include <string_view>

#include "mfa_reset/message.hpp"
#include "mfa_reset/task.hpp"

namespace mfa_reset {

class Services;

/// A POST request.
struct FetchOrder {
    std::string_view uri;  ///< the URI of an internal location, by the operator's configuration
    std::span<const Header> headers;  ///< all headers but Host and Content-Length
    std::string_view body;
};

struct FetchAnswer {
    int status = 0;         ///< 0: no response
    std::string_view body;  ///< in the request's memory
};

class Fetcher {
public:
    /// Ends when the response is complete, at a timeout of the internal location, or at the
    /// request's deadline, whichever is first.
    virtual Task<FetchAnswer> fetch(const FetchOrder& order, Services& services) = 0;

protected:
    ~Fetcher() = default;
};

}  // namespace mfa_reset
