// Of step 5 of the checks, the conditions: no resource here has a revision that a client could
// compare, so that most of them are refused (contracts: am.md, am_devices.md).
#include <array>

#include "am/checks.hpp"
#include "format/text.hpp"

namespace mfa_reset::am {

namespace {

Refusal precondition_failed(std::string_view message) noexcept {
    return {.status = 412, .message = message};
}

std::optional<Refusal> refuse_dates(const ParsedRequest& request) {
    if (request.headers.get(HeaderId::if_modified_since)) {
        return Refusal{.status = 409, .message = "Header If-Modified-Since not supported"};
    }
    if (request.headers.get(HeaderId::if_unmodified_since)) {
        return Refusal{.status = 409, .message = "Header If-Unmodified-Since not supported"};
    }
    return std::nullopt;
}

std::optional<Refusal> refuse(HeaderId id, std::string_view name, const ParsedRequest& request) {
    if (!request.headers.get(id)) {
        return std::nullopt;
    }
    return precondition_failed(
        format::concat(request.memory, name, " not supported for ", request.method, " requests"));
}

std::optional<Refusal> refuse_if_match(const ParsedRequest& request) {
    return refuse(HeaderId::if_match, "If-Match", request);
}

std::optional<Refusal> refuse_if_none_match(const ParsedRequest& request) {
    return refuse(HeaderId::if_none_match, "If-None-Match", request);
}

/// The value of If-None-Match, without the quotes of a tag.
std::string_view none_match(const ParsedRequest& request) noexcept {
    std::string_view value = request.headers.get(HeaderId::if_none_match).value_or("");
    if (value.size() >= 2 && value.front() == '"') {
        value = value.substr(1, value.size() - 2);
    }
    return value;
}

std::optional<Refusal> check_get(const ParsedRequest& request) {
    if (auto refusal = refuse_if_match(request)) {
        return refusal;
    }
    if (request.query && request.query->is_query) {
        return refuse_if_none_match(request);
    }
    // A read with a tag is one; with `*` it could only be for what there is not.
    return none_match(request) != "*" ? std::nullopt
                                      : std::optional(precondition_failed(
                                            "If-None-Match * not appropriate for GET requests"));
}

std::optional<Refusal> check_put(const ParsedRequest& request) {
    const bool has_none_match = request.headers.get(HeaderId::if_none_match).has_value();
    const std::string_view value = none_match(request);
    if (has_none_match && value != "*") {
        return Refusal{
            .status = 400,
            .message = format::concat(request.memory, "\"", value,
                                      "\" is not a supported value for If-None-Match on PUT")};
    }
    if (has_none_match && request.headers.get(HeaderId::if_match)) {
        return precondition_failed(
            "Simultaneous use of If-Match and If-None-Match not supported for PUT requests");
    }
    return std::nullopt;
}

}  // namespace

std::optional<Refusal> check_conditions(const ParsedRequest& request) {
    if (auto refusal = refuse_dates(request)) {
        return refusal;
    }
    if (request.method == "GET") {
        return check_get(request);
    }
    if (request.method == "PUT") {
        return check_put(request);
    }
    // If-Match of a DELETE is accepted, and never compared.
    if (auto refusal = refuse_if_none_match(request)) {
        return refusal;
    }
    return request.method == "DELETE" ? std::nullopt : refuse_if_match(request);
}

}  // namespace mfa_reset::am
