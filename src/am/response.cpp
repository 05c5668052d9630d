#include "am/response.hpp"

#include <array>

#include "format/json.hpp"
#include "format/text.hpp"

namespace mfa_reset::am {

namespace {

constexpr std::string_view kJson = "application/json;charset=UTF-8";

/// With every response. Those that have no Content-Type rely on nosniff and sandbox too: they echo
/// what the client sent.
constexpr std::array kCommonHeaders{
    Header{"Cache-Control", "private"},
    Header{"Expires", "0"},
    Header{"Pragma", "no-cache"},
    Header{"X-Content-Type-Options", "nosniff"},
    Header{"X-Frame-Options", "SAMEORIGIN"},
    Header{"Content-Security-Policy", "default-src 'none';frame-ancestors 'none';sandbox"},
    Header{"Cross-Origin-Opener-Policy", "same-origin"},
    Header{"Cross-Origin-Resource-Policy", "same-origin"},
};

constexpr Header kWarning{"Warning",
                          "100 chf \"Accept-API-Version should be included in the request.\""};
constexpr Header kItemsWarning{
    "Warning", "100 CREST \"Accept-API-Version should be included in the request.\""};
constexpr Header kContentVersion{"Content-API-Version", "resource=1.0"};
constexpr Header kAllow{"Allow", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"};
constexpr Header kRetryAfter{"Retry-After", "1"};

constexpr std::string_view reason_phrase(int status) noexcept {
    switch (status) {
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 409: return "Conflict";
        case 412: return "Precondition Failed";
        case 413: return "Request Entity Too Large";
        case 501: return "Not Implemented";
        case 503: return "Service Unavailable";
        default: return "Internal Server Error";
    }
}

void add(Response& response, const Header& header) noexcept {
    response.add(header.name, header.value);
}

Response begin(int status, std::string_view content_type, Manner manner) noexcept {
    Response response;
    response.status = status;
    response.content_type = content_type;
    response.common_headers = kCommonHeaders;
    if (manner.version_warning) {
        add(response, kWarning);
    }
    return response;
}

constexpr std::string_view content_type_of(Refusal::Form form) noexcept {
    switch (form) {
        case Refusal::Form::json: return kJson;
        case Refusal::Form::text: return "text/plain;charset=UTF-8";
        case Refusal::Form::text_untyped: return {};
    }
    return {};
}

std::string_view json_body(const Refusal& refusal, bool pretty, Memory& memory) {
    constexpr std::size_t kRoom = 128;  // for all that is not message or detail
    format::Text body(memory, kRoom + refusal.message.size() + refusal.detail.size());
    format::JsonObject object(body, pretty);
    object.number("code", static_cast<unsigned long>(refusal.status))
        .string("reason", reason_phrase(refusal.status))
        .string("message", refusal.message);
    if (!refusal.detail.empty()) {
        object.string("detail", refusal.detail);
    }
    object.end();
    return body.view();
}

}  // namespace

Response respond(std::string_view body, std::string_view content_version, Manner manner) noexcept {
    Response response = begin(200, kJson, manner);
    response.add(kContentVersion.name, content_version);
    response.body = body;
    return response;
}

Response respond_result(bool result, Manner manner) noexcept {
    const std::string_view pretty =
        result ? "{\n  \"result\" : true\n}" : "{\n  \"result\" : false\n}";
    const std::string_view compact = result ? "{\"result\":true}" : "{\"result\":false}";
    return respond(manner.pretty ? pretty : compact, kContentVersion.value, manner);
}

Response respond_empty(Manner manner) noexcept {
    return respond(manner.pretty ? "{ }" : "{}", kContentVersion.value, manner);
}

Response respond_item(std::string_view body, unsigned long revision, Manner manner,
                      Memory& memory) {
    Response response = respond(body, kContentVersion.value, manner);
    format::Text tag(memory);
    response.add("ETag", tag.append("\"").append_number(revision).append("\"").view());
    return response;
}

Response respond_list(std::string_view body, bool empty, Version protocol, Manner manner,
                      Memory& memory) {
    if (empty) {
        return respond(body, kContentVersion.value, manner);
    }
    // With items AM says twice which version it is, and what was not asked for.
    Response response = begin(200, kJson, manner);
    if (manner.version_warning) {
        add(response, kItemsWarning);
    }
    response.add(
        kContentVersion.name,
        format::concat(memory, "protocol=", to_text(protocol, memory), ",", kContentVersion.value));
    add(response, kContentVersion);
    response.body = body;
    return response;
}

Response hand_on() noexcept {
    Response response;
    response.forward = true;
    return response;
}

Response allow(Manner manner) noexcept {
    Response response = begin(200, kJson, manner);
    add(response, kAllow);
    return response;
}

Response refuse(const Refusal& refusal, Manner manner, Memory& memory) {
    Response response = begin(refusal.status, content_type_of(refusal.form), manner);
    if (refusal.by_action) {
        add(response, kContentVersion);
    }
    if (refusal.status == 503) {
        add(response, kRetryAfter);
    }
    response.body = refusal.form == Refusal::Form::json ? json_body(refusal, manner.pretty, memory)
                                                        : refusal.message;
    return response;
}

}  // namespace mfa_reset::am
