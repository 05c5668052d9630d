// See sentinel_query.hpp.
#include "redis/topology/sentinel_query.hpp"

#include <algorithm>
#include <charconv>
#include <new>

namespace mfa_reset::redis {

namespace {

/// RFC 1035, 2.3.4: a name has at most 255 octets. An address has fewer.
constexpr std::size_t kLongestHost = 255;

constexpr std::string_view kOthers = ".:-_%";

/// What names and addresses of either kind are made of, a scope included.
bool is_host(std::string_view text) noexcept {
    return !text.empty() && text.size() <= kLongestHost && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               kOthers.find(c) != std::string_view::npos;
    });
}

/// Zero: none.
std::uint16_t read_port(std::string_view text) noexcept {
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    return error == std::errc{} && stop == end ? port : std::uint16_t{0};
}

}  // namespace

SentinelAnswer read_sentinel_answer(const Reply& reply) {
    if (reply.is(Reply::Type::nil)) {
        return {};
    }
    if (reply.is(Reply::Type::error)) {
        return {.master = {}, .why = std::string{reply.text}};
    }
    if (reply.elements.size() == 2) {
        const std::string_view host = reply.elements[0].string_or_empty();
        const std::uint16_t port = read_port(reply.elements[1].string_or_empty());
        if (is_host(host) && port != 0) {
            return {.master = Address{std::string{host}, port, {}}, .why = {}};
        }
    }
    return {.master = {}, .why = "it named no address"};
}

void SentinelQuery::complete(const Reply& reply) noexcept {
    try {
        answer_ = read_sentinel_answer(reply);
    } catch (const std::bad_alloc&) {
        answer_ = SentinelAnswer{.master = {}, .why = "no memory"};
    }
    listener_.query_ended();
}

void SentinelQuery::fail(Outcome::Kind /*kind*/, std::string_view /*why*/) noexcept {
    answer_ = SentinelAnswer{.master = {}, .why = "no answer"};  // too short to need memory
    listener_.query_ended();
}

}  // namespace mfa_reset::redis
