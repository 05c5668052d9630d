// Step 5 of the checks: the syntax of CREST, which is ForgeRock's REST over any resource. The order
// of the functions is the order of the checks.
#include <algorithm>
#include <array>
#include <span>

#include "am/checks.hpp"
#include "am/devices/bodies.hpp"
#include "format/ascii.hpp"
#include "format/json_syntax.hpp"
#include "format/text.hpp"

namespace mfa_reset::am {

namespace {

constexpr std::size_t kMaxBodyDepth = 64;

bool is_multipart(std::string_view type) noexcept {
    return format::equal_ignoring_case(type, "multipart/form-data");
}

Refusal bad_request(std::string_view message, std::string_view detail = {}) noexcept {
    return {.status = 400, .message = message, .detail = detail};
}

std::optional<Refusal> check_method(const ParsedRequest& request) {
    constexpr std::array<std::string_view, 5> kMethods{"POST", "GET", "DELETE", "PATCH", "PUT"};
    const bool has_put = request.device_calls() != DeviceCalls::off;
    const auto methods = std::span(kMethods).first(kMethods.size() - (has_put ? 0 : 1));
    if (std::ranges::find(methods, request.method) != methods.end()) {
        return std::nullopt;
    }
    return Refusal{
        .status = 501,
        .result = Result::unknown,
        .message = format::concat(request.memory, "Method ", request.method, " not supported")};
}

std::optional<Refusal> check_protocol_version(const ParsedRequest& request) {
    constexpr std::uint32_t kMaxMajor = 2;
    constexpr std::uint32_t kMaxMinor = 2;
    const Version version = request.protocol();
    if (version.major <= kMaxMajor && version.minor <= kMaxMinor) {
        return std::nullopt;
    }
    const std::string_view part = version.major > kMaxMajor ? "major" : "minor";
    return Refusal{.status = 400,
                   .result = Result::version,
                   .message = format::concat(request.memory, "Unsupported ", part,
                                             " version: ", to_text(version, request.memory))};
}

std::optional<Refusal> check_content_type(const ParsedRequest& request) {
    const std::string_view type = request.headers.media_type();
    const bool absent = request.headers.value(HeaderId::content_type).empty();
    if (absent && request.method == "PUT") {
        // AM names the one that it got, hence the two blanks.
        return bad_request(
            "The request could not be processed because the  content-type was not specified and is "
            "required");
    }
    if (request.raw.method == "GET" || absent || is_multipart(type) ||
        format::equal_ignoring_case(type, "application/json")) {
        return std::nullopt;
    }
    return bad_request(format::concat(
        request.memory,
        "The request could not be processed because it specified the content-type '", type,
        "' when only the content-type 'application/json' and 'multipart/form-data' are supported"));
}

std::optional<Refusal> check_action(const ParsedRequest& request) {
    const Parameter& action = request.parameters.action;
    if (!request.is_post()) {
        return std::nullopt;
    }
    // Before protocol 2.1 a POST was an action and nothing else.
    if (!action.given && request.protocol() < kDefaultProtocolVersion) {
        return bad_request("No values provided for the request parameter '_action'");
    }
    return refuse_repeated(action, "_action", request);
}

std::optional<Refusal> refuse_json(const format::JsonSyntax& json, Memory& memory) {
    constexpr std::string_view kNotJson =
        "The request could not be processed because the provided content is not valid JSON";
    const auto place = [&json, &memory](std::string_view before) {
        format::Text text(memory);
        text.append(before).append("line ").append_number(json.line);
        return text.append(", column ").append_number(json.column).view();
    };
    switch (json.fault) {
        case format::JsonSyntax::Fault::none: break;
        case format::JsonSyntax::Fault::syntax: return bad_request(kNotJson, place({}));
        case format::JsonSyntax::Fault::too_deep:
            return bad_request(kNotJson, place("nested deeper than 64 at "));
        case format::JsonSyntax::Fault::trailing:
            return bad_request(
                "The request could not be processed because there is trailing data after the JSON "
                "content");
    }
    return std::nullopt;
}

/// What a PUT must have beyond JSON. Of a multipart body nothing is read.
std::optional<Refusal> check_content(const ParsedRequest& request) {
    const std::string_view body = request.raw.body;
    if (is_multipart(request.headers.media_type()) || format::is_blank(body)) {
        return bad_request(
            "The request could not be processed because it did not contain any JSON content");
    }
    return is_json_object(body) ? std::nullopt
                                : std::optional(bad_request(
                                      "The request could not be processed because the provided "
                                      "content is not a JSON object"));
}

/// A multipart body is not looked into: CREST would take its JSON from one of the parts, and an
/// action takes nothing from it at all.
std::optional<Refusal> check_body(const ParsedRequest& request) {
    const bool is_put = request.method == "PUT";
    if (!request.is_post() && !is_put) {
        return std::nullopt;
    }
    if (request.raw.body_state == Request::Body::too_large) {
        return Refusal{.status = 413, .message = "The request content is larger than 65536 bytes"};
    }
    if (!is_multipart(request.headers.media_type())) {
        const auto json = format::check_json(request.raw.body, kMaxBodyDepth);
        if (auto refusal = refuse_json(json, request.memory)) {
            return refusal;
        }
        // The token that counts is the caller's own, in its cookie or header.
        if (request.action == Action::session_info &&
            has_member(request.raw.body, "tokenId", request.memory)) {
            return bad_request(
                "The request could not be processed because a session is not looked up by tokenId");
        }
    }
    return is_put ? check_content(request) : std::nullopt;
}

std::optional<Refusal> check_remaining_parameters(const ParsedRequest& request) {
    const Parameters& parameters = request.parameters;
    if (request.query && !request.query->complaint.empty()) {
        return bad_request(request.query->complaint);
    }
    if (request.method == "GET" && parameters.action.given) {
        return bad_request("Unrecognized request parameter '_action'");
    }
    if (request.is_post() && parameters.mime_type.given) {
        return bad_request("Unrecognized request parameter '_mimeType'");
    }
    if (const auto refusal = refuse_repeated(parameters.pretty_print, "_prettyPrint", request)) {
        return refusal;
    }
    return request.path.realms_form ? std::nullopt
                                    : refuse_repeated(parameters.realm, "realm", request);
}

}  // namespace

std::optional<Refusal> refuse_repeated(const Parameter& parameter, std::string_view name,
                                       const ParsedRequest& request) {
    if (!parameter.repeated) {
        return std::nullopt;
    }
    return bad_request(format::concat(
        request.memory, "Multiple values provided for the single-valued request parameter '", name,
        "'"));
}

std::optional<Refusal> check_crest(const ParsedRequest& request) {
    constexpr std::array<Check, 7> kChecks{
        check_method,
        check_protocol_version,
        check_content_type,
        check_conditions,
        check_action,
        check_body,
        check_remaining_parameters,
    };
    for (const Check check : kChecks) {
        if (auto refusal = check(request)) {
            return refusal;
        }
    }
    return std::nullopt;
}

}  // namespace mfa_reset::am
