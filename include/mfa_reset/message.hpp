// What an API reads and writes: one HTTP request, one HTTP response.
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
        complete,   ///< `body` is all of it
        too_large,  ///< over kMaxBody; `body` is empty
    };
    /// Bytes of a body that an API may have to read (contracts: 64 KiB for each of them).
    static constexpr std::size_t kMaxBody = 64UL * 1024;

    std::string_view method;          ///< as sent, `POST`
    std::string_view path;            ///< raw: not decoded, not normalised, not rewritten
    std::string_view query;           ///< raw, without the `?`
    std::span<const Header> headers;  ///< as sent, in order
    std::string_view remote_address;  ///< the client's, as nginx's $remote_addr has it
    std::string_view body;
    Body body_state = Body::complete;
};

/// An answer. Views are to literals or to the request's memory.
class Response {
public:
    /// Nothing is answered here: the request goes on, whole, to the location that is configured for
    /// what is not answered here. All else of the response has no meaning then.
    bool forward = false;
    int status = 500;
    std::string_view content_type;  ///< exact, with parameters; empty: no such header
    std::string_view body;

    /// Headers that all answers of an API have, beside Content-Type and Content-Length. A view of
    /// literals: a Response is small and is moved a few times.
    std::span<const Header> common_headers;

    /// This answer's own headers, in order. There is room for kMaxHeaders.
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
