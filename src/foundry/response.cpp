// One function for each format writes a whole body; JSON and JSV differ only in
// their quotes.
#include "foundry/response.hpp"

#include <optional>

#include "format/csv.hpp"
#include "format/json.hpp"
#include "format/jsv.hpp"
#include "format/text.hpp"
#include "format/xml.hpp"

namespace mfa_reset::foundry {

namespace {

using format::Text;

constexpr std::size_t kRoom = 1024;  // for most bodies, without growing

/// Nothing: the success, whose status is null.
using Status = std::optional<Refusal>;

// -- JSON and JSV

/// Writes records and texts in one of the two.
class Record {
public:
    Record(Text& out, bool json) : out_(out), json_(json) {}

    Record& raw(std::string_view text) {
        out_.append(text);
        return *this;
    }
    Record& name(std::string_view text) {
        const std::string_view quote = json_ ? "\"" : "";
        out_.append(quote).append(text).append(quote).append(":");
        return *this;
    }
    Record& text(std::string_view value) {
        json_ ? format::append_json_string(out_, value) : format::append_jsv_string(out_, value);
        return *this;
    }

private:
    Text& out_;
    bool json_;
};

void append_field(Record& record, const FieldError& field) {
    record.raw("{").name("errorCode").text(field.code);
    record.raw(",").name("fieldName").text(field.field);
    record.raw(",").name("message").text(field.message);
    record.raw(",").name("meta").raw("{").name("PropertyName").text(field.property).raw("}}");
}

void append_status(Text& out, const Refusal& refusal, bool json) {
    Record record(out, json);
    record.raw("{").name("errorCode").text(refusal.code);
    record.raw(",").name("message").text(refusal.message);
    record.raw(",").name("errors").raw("[");
    std::string_view comma;
    for (const FieldError& field : refusal.fields) {
        record.raw(comma);
        append_field(record, field);
        comma = ",";
    }
    record.raw("]}");
}

std::string_view record_body(const Status& status, bool json, Memory& memory) {
    if (!status) {
        return "{}";
    }
    Text body(memory, kRoom);
    body.append(json ? "{\"responseStatus\":" : "{responseStatus:");
    append_status(body, *status, json);
    return body.append("}").view();
}

// -- CSV

std::string_view csv_body(const Status& status, Memory& memory) {
    Text body(memory, kRoom);
    body.append("ResponseStatus\r\n");
    if (status) {
        Text cell(memory, kRoom);
        append_status(cell, *status, false);
        format::append_csv_field(body, cell.view());
    }
    return body.append("\r\n").view();
}

// -- XML, as .NET's DataContractSerializer writes it

void append_element(Text& out, std::string_view name, std::string_view value) {
    out.append("<").append(name).append(">");
    format::append_xml_text(out, value);
    out.append("</").append(name).append(">");
}

void append_xml_field(Text& out, const FieldError& field) {
    out.append("<d2p1:ResponseError>");
    append_element(out, "d2p1:ErrorCode", field.code);
    append_element(out, "d2p1:FieldName", field.field);
    append_element(out, "d2p1:Message", field.message);
    out.append(
        "<d2p1:Meta xmlns:d5p1=\"http://schemas.microsoft.com/2003/10/Serialization/Arrays\">"
        "<d5p1:KeyValueOfstringstring>");
    append_element(out, "d5p1:Key", "PropertyName");
    append_element(out, "d5p1:Value", field.property);
    out.append("</d5p1:KeyValueOfstringstring></d2p1:Meta></d2p1:ResponseError>");
}

void append_xml_status(Text& out, const Refusal& refusal) {
    out.append(">");
    append_element(out, "d2p1:ErrorCode", refusal.code);
    append_element(out, "d2p1:Message", refusal.message);
    out.append("<d2p1:StackTrace i:nil=\"true\" />");
    if (refusal.fields.empty()) {
        out.append("<d2p1:Errors />");
    } else {
        out.append("<d2p1:Errors>");
        for (const FieldError& field : refusal.fields) {
            append_xml_field(out, field);
        }
        out.append("</d2p1:Errors>");
    }
    out.append(
        "<d2p1:Meta xmlns:d3p1=\"http://schemas.microsoft.com/2003/10/Serialization/Arrays\" "
        "i:nil=\"true\" /></ResponseStatus>");
}

std::string_view xml_body(const Status& status, std::string_view xml_namespace, Memory& memory) {
    Text body(memory, 2 * kRoom);
    body.append(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><ResetTwoFactorAuthenticationResponse "
        "xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns=\"");
    format::append_xml_attribute(body, xml_namespace);
    body.append("\"><ResponseStatus xmlns:d2p1=\"http://schemas.servicestack.net/types\"");
    if (status) {
        append_xml_status(body, *status);
    } else {
        body.append(" i:nil=\"true\" />");
    }
    return body.append("</ResetTwoFactorAuthenticationResponse>").view();
}

// -- the whole response

std::string_view body_of(const Status& status, const Manner& manner, Memory& memory) {
    switch (manner.form.format) {
        case Format::json: return record_body(status, true, memory);
        case Format::jsv: return record_body(status, false, memory);
        case Format::csv: return csv_body(status, memory);
        case Format::xml: return xml_body(status, manner.xml_namespace, memory);
    }
    return {};
}

constexpr std::string_view content_type_of(Form form) noexcept {
    switch (form.format) {
        case Format::json: return "application/json; charset=utf-8";
        case Format::xml: return "application/xml";
        case Format::jsv: return form.text_jsv ? "text/jsv" : "application/jsv";
        case Format::csv: return "text/csv";
    }
    return {};
}

Response respond(int code, const Status& status, const Manner& manner, Memory& memory) {
    Response response;
    response.status = code;
    response.content_type = content_type_of(manner.form);
    response.add("Vary", "Accept");
    if (manner.form.format == Format::csv) {
        response.add("Content-Disposition",
                     "attachment;filename=ResetTwoFactorAuthenticationRequest.csv");
    }
    response.body = body_of(status, manner, memory);
    return response;
}

}  // namespace

Refusal refuse(const Failure& failure, std::string_view retry_after) noexcept {
    if (failure.kind == Failure::Kind::broken) {
        return {.status = 500,
                .result = Result::unavailable,
                .code = "InternalServerError",
                .message = "Internal Server Error",
                .reason = failure.why};
    }
    return {.status = 503,
            .result = Result::unavailable,
            .code = "ServiceUnavailable",
            .message = "Service Unavailable",
            .reason = failure.why,
            .retry_after = retry_after};
}

Response succeed(const Manner& manner, Memory& memory) {
    return respond(200, std::nullopt, manner, memory);
}

Response refuse(const Refusal& refusal, const Manner& manner, Memory& memory) {
    Response response = respond(refusal.status, refusal, manner, memory);
    if (refusal.status == 401) {
        response.add("WWW-Authenticate", "Bearer realm=\"/auth/jwt\"");
    }
    if (!refusal.retry_after.empty()) {
        response.add("Retry-After", refusal.retry_after);
    }
    return response;
}

}  // namespace mfa_reset::foundry
