#include "am/correlation.hpp"

#include <algorithm>

#include "format/ascii.hpp"
#include "format/text.hpp"
#include "http/cookie.hpp"

namespace mfa_reset::am {

namespace {

constexpr std::string_view kLoadBalancer = "amlbcookie";

bool is_transaction_id(std::string_view text) noexcept {
    constexpr std::size_t kLongest = 128;
    return !text.empty() && text.size() <= kLongest && std::ranges::all_of(text, [](char c) {
        return format::is_alphanumeric(c) || c == '.' || c == '/' || c == '_' || c == '-';
    });
}

bool is_lower_hex(std::string_view text) noexcept {
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_zero(std::string_view text) noexcept {
    return text.find_first_not_of('0') == std::string_view::npos;
}

/// `version-traceid-parentid-flags`, `00-<32>-<16>-<2>`. A later version may have more after it.
std::string_view trace_id_of(std::string_view traceparent) noexcept {
    constexpr std::string_view kForm = "00-00000000000000000000000000000000-0000000000000000-00";
    if (traceparent.size() < kForm.size()) {
        return {};
    }
    for (std::size_t at = 0; at < kForm.size(); ++at) {
        if ((kForm[at] == '-') != (traceparent[at] == '-')) {
            return {};
        }
    }
    const std::string_view version = traceparent.substr(0, 2);
    const std::string_view trace_id = traceparent.substr(3, 32);
    const std::string_view parent_id = traceparent.substr(36, 16);
    const std::string_view flags = traceparent.substr(53, 2);
    const std::string_view rest = traceparent.substr(kForm.size());
    const bool is_hex = is_lower_hex(version) && is_lower_hex(trace_id) &&
                        is_lower_hex(parent_id) && is_lower_hex(flags);
    const bool ends_well = rest.empty() || (version != "00" && rest.front() == '-');
    const bool valid =
        is_hex && ends_well && version != "ff" && !is_zero(trace_id) && !is_zero(parent_id);
    return valid ? trace_id : std::string_view{};
}

std::string_view load_balancer_of(std::span<const Header> headers) noexcept {
    for (const Header& header : headers) {
        if (format::equal_ignoring_case(header.name, "Cookie")) {
            if (const auto value = http::find_cookie(header.value, kLoadBalancer)) {
                return *value;
            }
        }
    }
    return {};
}

}  // namespace

std::string_view trace_of(const Headers& headers) noexcept {
    const std::string_view transaction = headers.value(HeaderId::transaction_id);
    return is_transaction_id(transaction) ? transaction
                                          : trace_id_of(headers.value(HeaderId::traceparent));
}

CarriedHeaders::CarriedHeaders(const Headers& headers, std::span<const Header> all,
                               std::string_view cookie, Memory& memory) {
    const std::string_view load_balancer = load_balancer_of(all);
    add("Cookie", load_balancer.empty() ? format::concat(memory, cookie, "=", headers.token())
                                        : format::concat(memory, cookie, "=", headers.token(), "; ",
                                                         kLoadBalancer, "=", load_balancer));
    for (const HeaderId id :
         {HeaderId::traceparent, HeaderId::tracestate, HeaderId::transaction_id}) {
        if (const std::string_view value = headers.value(id); !value.empty()) {
            add(std::ranges::find(kKnownHeaders, id, &http::KnownHeader<HeaderId>::id)->name,
                value);
        }
    }
}

}  // namespace mfa_reset::am
