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

/// The realm that `asked` means, as it is listed; nothing where there is none.
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

}  // namespace

bool ParsedRequest::version_served() const noexcept {
    if (versions && versions->resource) {
        return *versions->resource == kResourceVersion;
    }
    return settings.default_version != DefaultVersion::none;
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
    request.manner.pretty =
        format::equal_ignoring_case(request.parameters.pretty_print.value, "true");
    request.manner.version_warning = request.versions && !request.versions->resource;
    return request;
}

}  // namespace mfa_reset::am
