#include "oaa/request.hpp"

#include <algorithm>
#include <array>

#include "format/ascii.hpp"
#include "http/accept.hpp"

namespace mfa_reset::oaa {

namespace {

constexpr std::size_t kMaxContextId = 128;

void read_headers(ParsedRequest& request) noexcept {
    http::Negotiation accept{kTypes};
    for (const Header& header : request.raw.headers) {
        if (format::equal_ignoring_case(header.name, "Accept")) {
            accept.read(header.value);
        } else if (format::equal_ignoring_case(header.name, "Authorization")) {
            request.credentials.repeated = request.credentials.authorization.has_value();
            request.credentials.authorization = header.value;
        }
    }
    if (const auto type = accept.choose()) {
        request.accepted = static_cast<Form>(*type);
    }
}

}  // namespace

ParsedRequest parse_request(const Request& raw, Memory& memory) {
    static constexpr std::array<http::KnownParameter<Parameters>, 2> kKnown{{
        {"contextId", http::Case::exact, &Parameters::context_id},
        {"challengeType", http::Case::exact, &Parameters::challenge_type},
    }};
    ParsedRequest request{raw};
    read_headers(request);
    http::read_parameters(raw.query, kKnown, request.parameters, memory);
    return request;
}

bool is_context_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= kMaxContextId &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return format::is_letter(c) || format::is_digit(c) || c == '.' || c == '_' ||
                      c == '~' || c == '-';
           });
}

}  // namespace mfa_reset::oaa
