// One HTTP request and one HTTP response, as an API reads and writes them.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mfa_reset {

struct Header {
    std::string_view name;
    std::string_view value;
};

/// A request as the client sent it. All views live as long as the request.
struct Request {
    enum class Body : std::uint8_t {
        complete,   ///< `body` is complete
        too_large,  ///< over kMaxBody; `body` is empty
    };
    /// The largest body that an API reads.
    static constexpr std::size_t kMaxBody = 64UL * 1024;

    std::string_view method;          ///< as sent, `POST`
    std::string_view path;            ///< raw: not decoded, not normalised, not rewritten
    std::string_view query;           ///< raw, without the `?`
    std::span<const Header> headers;  ///< as sent, in order
    std::string_view remote_address;  ///< the client's, as nginx's $remote_addr has it
    std::string_view body;
    Body body_state = Body::complete;
};

/// Views are to literals or to the request's memory.
class Response {
public:
    /// The request goes on, whole, to the location of mfa_reset_fallback. All other fields are
    /// ignored then.
    bool forward = false;
    int status = 500;
    std::string_view content_type;  ///< exact, with parameters; empty: no such header
    std::string_view body;

    /// Headers of every response of the API, beside Content-Type and Content-Length. A view of
    /// literals, so that a Response is small.
    std::span<const Header> common_headers;

    /// Headers of this response, in order; kMaxHeaders at most.
    void add(std::string_view name, std::string_view value) noexcept {
        assert(count_ < kMaxHeaders);
        if (count_ < kMaxHeaders) {
            headers_[count_++] = {name, value};
        }
    }
    std::span<const Header> headers() const noexcept { return {headers_.data(), count_}; }

private:
    static constexpr std::size_t kMaxHeaders = 4;
    std::array<Header, kMaxHeaders> headers_{};
    std::size_t count_ = 0;
};

}  // namespace mfa_reset
