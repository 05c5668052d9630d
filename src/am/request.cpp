#include "am/request.hpp"

#include <algorithm>

#include "am/universal_id.hpp"
#include "format/text.hpp"

namespace mfa_reset::am {

namespace {

/// The override counts on POST only.
std::string_view effective_method(const Request& raw, const Headers& headers) noexcept {
    const std::string_view override_method = headers.value(HeaderId::method_override);
    return raw.method == "POST" && !override_method.empty() ? override_method : raw.method;
}

/// In the old form the parameter, where there is one, goes before the path.
Realm effective_realm(const Path& path, const Parameter& parameter, Memory& memory) {
    if (path.realms_form || !parameter.given || parameter.value.empty()) {
        return path.realm;
    }
    return parse_realm(parameter.value, memory);
}

/// The realm that `asked` means, as it is listed; nullopt if there is no such realm.
std::optional<std::string_view> find_realm(const ParsedRequest& request, const Realm& asked) {
    const Realms& realms = request.settings.realms;
    if (!asked.well_formed) {
        return std::nullopt;
    }
    if (!realms.listed()) {
        return asked.path;
    }
    if (!request.path.without_root) {
        return realms.find(asked.path);
    }
    const std::size_t end = std::min(asked.path.find('/', 1), asked.path.size());
    const auto top = realms.find_short(asked.path.substr(1, end - 1));
    if (!top || end == asked.path.size()) {
        return top;
    }
    return realms.find(
        format::concat(request.memory, *top == "/" ? "" : *top, asked.path.substr(end)));
}

Target target_of(const ParsedRequest& request) {
    Target target{{request.realm, request.path.user}, true};
    if (const auto id = parse_universal_id(request.path.user, request.memory)) {
        target.in_realm = is_same_name(id->realm, request.realm, request.settings.subject_case);
        if (target.in_realm) {
            target.subject.user = id->user;
        }
    }
    return target;
}

bool is_of_devices(Path::Place place) noexcept {
    return place != Path::Place::elsewhere && place != Path::Place::sessions;
}

std::optional<Query> query_of(const ParsedRequest& request) {
    const bool is_get = request.method == "GET";
    // A collection is not written to, whatever the parameters of a PUT or DELETE are.
    const bool has_query = is_get || (request.path.place != Path::Place::devices &&
                                      (request.method == "PUT" || request.method == "DELETE"));
    if (!has_query || !request.parameters.well_encoded || !is_of_devices(request.path.place) ||
        request.device_calls() == DeviceCalls::off) {
        return std::nullopt;
    }
    return read_query(request.raw.query, is_get ? QueryKind::get : QueryKind::write,
                      request.memory);
}

Action action_of_post(const ParsedRequest& request) noexcept {
    const std::string_view action = request.parameters.action.value;
    if (request.path.place == Path::Place::sessions) {
        const bool ours = action == "getSessionInfo" &&
                          request.settings.session.question.uri.empty() &&
                          request.device_calls() == DeviceCalls::on;
        return ours ? Action::session_info : Action::none;
    }
    if (request.path.place != Path::Place::devices || request.path.factor == Factor::webauthn) {
        return Action::none;
    }
    if (action == "reset") {
        return Action::reset;
    }
    if (request.device_calls() == DeviceCalls::off) {
        return Action::none;
    }
    return action == "skip" ? Action::skip : action == "check" ? Action::check : Action::none;
}

Action action_of_get(const ParsedRequest& request) noexcept {
    const bool is_query = request.query && request.query->is_query;
    switch (request.path.place) {
        case Path::Place::devices: return is_query ? Action::query : Action::none;
        case Path::Place::device:
            return request.path.factor == Factor::webauthn && !is_query ? Action::read
                                                                        : Action::none;
        case Path::Place::overview: return is_query ? Action::overview : Action::none;
        case Path::Place::events: return is_query ? Action::events : Action::none;
        case Path::Place::elsewhere:
        case Path::Place::deeper:
        case Path::Place::sessions: break;
    }
    return Action::none;
}

Action action_of(const ParsedRequest& request) noexcept {
    if (request.is_post()) {
        return action_of_post(request);
    }
    if (request.device_calls() == DeviceCalls::off) {
        return Action::none;
    }
    if (request.method == "GET") {
        return action_of_get(request);
    }
    const bool on_device = request.path.place == Path::Place::device;
    if (on_device && request.method == "DELETE") {
        return Action::remove;
    }
    return on_device && request.method == "PUT" ? Action::rename : Action::none;
}

}  // namespace

bool ParsedRequest::is_ours() const noexcept {
    const bool on = device_calls() == DeviceCalls::on;
    switch (path.place) {
        case Path::Place::elsewhere: return false;
        case Path::Place::devices:
        case Path::Place::device:
        case Path::Place::deeper: break;
        case Path::Place::overview:
        case Path::Place::events: return on && method == "GET";
        case Path::Place::sessions: return action == Action::session_info;
    }
    if (is_post()) {
        return action != Action::none && (on || is_change(action));
    }
    const bool acts = method == "PUT" || method == "DELETE";
    return device_calls() != DeviceCalls::off && (acts || (on && method == "GET"));
}

bool ParsedRequest::version_served() const noexcept {
    if (versions && versions->resource) {
        const Version newest =
            action == Action::session_info ? kNewestSessionVersion : kResourceVersion;
        return *versions->resource >= kResourceVersion && *versions->resource <= newest;
    }
    return settings.default_version != DefaultVersion::none;
}

Version ParsedRequest::session_version() const noexcept {
    const bool is_oldest = settings.default_version == DefaultVersion::oldest;
    const Version fallback = is_oldest ? kResourceVersion : kNewestSessionVersion;
    return versions ? versions->resource.value_or(fallback) : fallback;
}

ParsedRequest parse_request(const Request& raw, const Settings& settings, Memory& memory) {
    ParsedRequest request{raw,
                          settings,
                          memory,
                          Headers(raw.headers, settings.cookie),
                          parse_path(raw.path, memory, {settings.realms, settings.base_realm}),
                          parse_parameters(raw.query, memory)};
    request.versions = parse_versions(request.headers.value(HeaderId::accept_api_version));
    request.method = effective_method(raw, request.headers);
    const Realm asked = effective_realm(request.path, request.parameters.realm, memory);
    const auto realm = find_realm(request, asked);
    request.realm = realm.value_or(asked.path);
    request.realm_exists = realm.has_value();
    request.target = target_of(request);
    request.query = query_of(request);
    request.action = action_of(request);
    request.manner.pretty =
        format::equal_ignoring_case(request.parameters.pretty_print.value, "true");
    request.manner.version_warning = request.versions && !request.versions->resource;
    return request;
}

}  // namespace mfa_reset::am
