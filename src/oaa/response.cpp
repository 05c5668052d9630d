#include "oaa/response.hpp"

#include "format/text.hpp"

namespace mfa_reset::oaa {

namespace {

constexpr Header kAllow{"Allow", "DELETE, OPTIONS"};

struct Message {
    std::string_view status;
    std::string_view text;
};

/// Plain words all of them: none has to be escaped in any form.
constexpr Message message_of(int status) noexcept {
    switch (status) {
        case 200: return {"200", "Challenge Counter is reseted."};
        case 401: return {"401", "Unauthorized"};
        case 404: return {"404", "Invalid input. ContextId or ChallengeType was not found."};
        case 405: return {"405", "Method Not Allowed"};
        case 413: return {"413", "Request Entity Too Large"};
        case 503: return {"503", "Service unavailable"};
        default: return {"500", "Internal server error"};
    }
}

constexpr std::string_view content_type_of(Form form) noexcept {
    return form == Form::text ? "text/plain;charset=UTF-8" : kTypes[static_cast<std::size_t>(form)];
}

std::string_view write(const Message& message, Form form, Memory& memory) {
    switch (form) {
        case Form::json:
            return format::concat(memory, R"({"responseCode":")", message.status,
                                  R"(","responseMessage":")", message.text, R"("})");
        case Form::xml:
            return format::concat(memory,
                                  R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)",
                                  "<ModelAPIResponse><responseCode>", message.status,
                                  "</responseCode><responseMessage>", message.text,
                                  "</responseMessage></ModelAPIResponse>");
        case Form::text: break;
    }
    return message.text;
}

Response respond(int status) noexcept {
    Response response;
    response.status = status;
    response.add("Cache-Control", "no-store");
    return response;
}

void set_body(Response& response, Form form, Memory& memory) {
    response.content_type = content_type_of(form);
    response.body = write(message_of(response.status), form, memory);
}

}  // namespace

Response succeed(Form form, Memory& memory) {
    Response response = respond(200);
    set_body(response, form, memory);
    return response;
}

Response allow() noexcept {
    Response response = respond(200);
    response.add(kAllow.name, kAllow.value);
    return response;
}

Response refuse(const Refusal& refusal, Form form, Memory& memory) {
    Response response = respond(refusal.status);
    switch (refusal.status) {
        case 401: response.add("WWW-Authenticate", R"(Basic realm="oaa")"); break;
        case 405: response.add(kAllow.name, kAllow.value); break;
        case 406: return response;
        case 503: response.add("Retry-After", "1"); break;
        default: break;
    }
    set_body(response, form, memory);
    return response;
}

}  // namespace mfa_reset::oaa
