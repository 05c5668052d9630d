#include "redis/topology/sentinel_query.hpp"

#include <charconv>
#include <new>

#include "redis/protocol/host.hpp"

namespace mfa_reset::redis {

namespace {

/// Zero: no port.
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
        if (is_announced_host(host) && port != 0) {
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
