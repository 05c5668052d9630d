#include "foundry/members.hpp"

#include <array>
#include <optional>

#include "format/csv.hpp"
#include "format/json_members.hpp"
#include "format/jsv.hpp"
#include "format/text.hpp"
#include "format/xml.hpp"
#include "http/form.hpp"
#include "http/multipart.hpp"

namespace mfa_reset::foundry {

namespace {

using format::Members;

constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr std::string_view kMultipart = "multipart/form-data";

constexpr std::array kEmptyFields{
    FieldError{"NotEmpty", "TargetUserId", "'Target User Id' must not be empty.", "Target User Id"},
    FieldError{"NotEmpty", "CallerCode", "'Caller Code' must not be empty.", "Caller Code"},
};

constexpr Refusal kTooLarge{.status = 413,
                            .result = Result::malformed,
                            .code = "RequestEntityTooLarge",
                            .message = "Request Entity Too Large"};

Refusal refuse_fields(std::span<const FieldError> fields) noexcept {
    return {.status = 400,
            .result = Result::malformed,
            .code = fields.front().code,
            .message = fields.front().message,
            .fields = fields};
}

Refusal refuse_unreadable(std::string_view media_type, Memory& memory) {
    return {.status = 400,
            .result = Result::malformed,
            .code = "SerializationException",
            .message = format::concat(memory, "Could not deserialize '", media_type,
                                      "' request using ", kOperation)};
}

/// The members that mean something here.
constexpr std::array<std::string_view, 3> kNames{"targetUserId", "callerCode", "organisationId"};

std::optional<Members> read_as(Format format, std::string_view body, Memory& memory) {
    switch (format) {
        case Format::json: return format::read_json_members(body, memory, kNames);
        case Format::xml: return format::read_xml_members(body, memory, kNames);
        case Format::jsv: return format::read_jsv_members(body, memory, kNames);
        case Format::csv: return format::read_csv_members(body, memory, kNames);
    }
    return std::nullopt;
}

bool is_form(std::string_view type) noexcept {
    return format::equal_ignoring_case(type, kForm) ||
           format::equal_ignoring_case(type, kMultipart);
}

/// What the body is said to be: by the route, unless it is a form; else by its Content-Type.
std::string_view body_type(const ParsedRequest& request) {
    if (request.route.body && !is_form(request.headers.media_type())) {
        return *request.route.body == Format::csv
                   ? "text/csv"
                   : format::concat(request.memory, "application/",
                                    kFormatNames[static_cast<std::size_t>(*request.route.body)]);
    }
    return request.headers.media_type();
}

/// A body of a type that is not known has no members.
std::optional<Members> read_body(const ParsedRequest& request, std::string_view type,
                                 std::string_view body) {
    if (const auto format = format_by_media_type(type)) {
        return read_as(*format, body, request.memory);
    }
    if (format::equal_ignoring_case(type, kForm)) {
        return http::read_form_members(body, request.memory, kNames);
    }
    if (format::equal_ignoring_case(type, kMultipart)) {
        return http::read_multipart_members(body, request.headers.value(HeaderId::content_type),
                                            request.memory, kNames);
    }
    return Members(&request.memory);
}

std::optional<Refusal> check_not_empty(const ResetMembers& members, bool needs_code) noexcept {
    const bool no_target = is_empty(members.target_user_id);
    const bool no_code = needs_code && is_empty(members.caller_code);
    if (!no_target && !no_code) {
        return std::nullopt;
    }
    const std::size_t first = no_target ? 0 : 1;
    const std::size_t count = no_target && no_code ? 2 : 1;
    return refuse_fields(std::span(kEmptyFields).subspan(first, count));
}

}  // namespace

bool is_empty(std::string_view value) noexcept {
    return value.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

Refusal refuse_empty_code() noexcept { return refuse_fields(std::span(kEmptyFields).subspan(1)); }

std::variant<ResetMembers, Refusal> read_members(const ParsedRequest& request) {
    if (request.raw.body_state == Request::Body::too_large) {
        return kTooLarge;
    }
    const auto query = http::read_form_members(request.raw.query, request.memory, kNames);
    if (!query) {
        return refuse_unreadable(kForm, request.memory);
    }
    if (format::find_member(*query, "callerCode")) {
        return Refusal{.status = 400,
                       .result = Result::malformed,
                       .code = "NotAllowed",
                       .message = "'Caller Code' is not allowed in the query."};
    }
    const std::string_view type = body_type(request);
    const http::Decoded decoded = http::decode_content(
        request.raw.body, request.headers.content_encoding(), Request::kMaxBody, request.memory);
    if (decoded.outcome == http::Decoded::Outcome::too_large) {
        return kTooLarge;
    }
    const auto body = decoded.outcome == http::Decoded::Outcome::good
                          ? read_body(request, type, decoded.body)
                          : std::nullopt;
    if (!body) {
        return refuse_unreadable(type, request.memory);
    }
    const auto member = [&](std::string_view name) {
        return format::find_member(*query, name).value_or(format::member(*body, name));
    };
    const ResetMembers members{member("targetUserId"), format::member(*body, "callerCode"),
                               member("organisationId")};
    if (const auto refusal = check_not_empty(
            members, request.settings.caller_code.required == CallerCode::required)) {
        return *refusal;
    }
    return members;
}

}  // namespace mfa_reset::foundry
