// Step 5 of the checks: the syntax of CREST, which is ForgeRock's REST over any resource. The order
// of the functions is the order of the checks.
#include <array>

#include "am/checks.hpp"
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
    constexpr std::array<std::string_view, 4> kMethods{"POST", "GET", "DELETE", "PATCH"};
    for (const std::string_view method : kMethods) {
        if (request.method == method) {
            return std::nullopt;
        }
    }
    return Refusal{
        .status = 501,
        .result = Result::unknown,
        .message = format::concat(request.memory, "Method ", request.method, " not supported")};
}

Version protocol_of(const ParsedRequest& request) noexcept {
    return request.versions ? request.versions->protocol.value_or(kDefaultProtocolVersion)
                            : kDefaultProtocolVersion;
}

std::optional<Refusal> check_protocol_version(const ParsedRequest& request) {
    constexpr std::uint32_t kMaxMajor = 2;
    constexpr std::uint32_t kMaxMinor = 2;
    const Version version = protocol_of(request);
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
    if (request.raw.method == "GET" || absent || is_multipart(type) ||
        format::equal_ignoring_case(type, "application/json")) {
        return std::nullopt;
    }
    return bad_request(format::concat(
        request.memory,
        "The request could not be processed because it specified the content-type '", type,
        "' when only the content-type 'application/json' and 'multipart/form-data' are supported"));
}

std::optional<Refusal> check_conditions(const ParsedRequest& request) {
    struct Condition {
        HeaderId id;
        std::string_view name;
        int status;
    };
    constexpr std::array kConditions{
        Condition{HeaderId::if_modified_since, "If-Modified-Since", 409},
        Condition{HeaderId::if_unmodified_since, "If-Unmodified-Since", 409},
        Condition{HeaderId::if_none_match, "If-None-Match", 412},
        Condition{HeaderId::if_match, "If-Match", 412},
    };
    for (const auto& [id, name, status] : kConditions) {
        if (!request.headers.get(id)) {
            continue;
        }
        const std::string_view message =
            status == 409 ? format::concat(request.memory, "Header ", name, " not supported")
                          : format::concat(request.memory, name, " not supported for ",
                                           request.method, " requests");
        return Refusal{.status = status, .message = message};
    }
    return std::nullopt;
}

std::optional<Refusal> check_action(const ParsedRequest& request) {
    const Parameter& action = request.parameters.action;
    if (!request.is_post()) {
        return std::nullopt;
    }
    // Before protocol 2.1 a POST was an action and nothing else.
    if (!action.given && protocol_of(request) < kDefaultProtocolVersion) {
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

/// A multipart body is not looked into: CREST would take its JSON from one of the parts, and a
/// reset takes nothing from it at all.
std::optional<Refusal> check_body(const ParsedRequest& request) {
    if (!request.is_post()) {
        return std::nullopt;
    }
    if (request.raw.body_state == Request::Body::too_large) {
        return Refusal{.status = 413, .message = "The request content is larger than 65536 bytes"};
    }
    if (is_multipart(request.headers.media_type())) {
        return std::nullopt;
    }
    return refuse_json(format::check_json(request.raw.body, kMaxBodyDepth), request.memory);
}

std::optional<Refusal> check_remaining_parameters(const ParsedRequest& request) {
    const Parameters& parameters = request.parameters;
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
