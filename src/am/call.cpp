// See call.hpp.
#include "am/call.hpp"

#include <algorithm>

#include "am/universal_id.hpp"
#include "format/ascii.hpp"
#include "format/text.hpp"

namespace mfa_reset::am {

namespace {

/// The override counts on POST only.
std::string_view effective_method(const Request& request, const Headers& headers) noexcept {
    const std::string_view override_method = headers.value(HeaderId::method_override);
    return request.method == "POST" && !override_method.empty() ? override_method : request.method;
}

/// In the old form the parameter, where there is one, goes before the path.
Realm effective_realm(const Path& path, const Parameter& parameter, Memory& memory) {
    if (path.realms_form || !parameter.given || parameter.value.empty()) {
        return path.realm;
    }
    return parse_realm(parameter.value, memory);
}

/// The realm that `asked` means, as it is listed; nothing where there is none.
std::optional<std::string_view> find_realm(const Call& call, const Realm& asked) {
    const Realms& realms = call.settings.realms;
    if (!asked.well_formed) {
        return std::nullopt;
    }
    if (!realms.listed()) {
        return asked.path;
    }
    if (!call.path.without_root) {
        return realms.find(asked.path);
    }
    const std::size_t end = std::min(asked.path.find('/', 1), asked.path.size());
    const auto top = realms.find_short(asked.path.substr(1, end - 1));
    if (!top || end == asked.path.size()) {
        return top;
    }
    return realms.find(
        format::concat(call.memory, *top == "/" ? "" : *top, asked.path.substr(end)));
}

bool same_realm(std::string_view left, std::string_view right, SubjectCase subject_case) noexcept {
    return subject_case == SubjectCase::ascii ? format::equal_ignoring_case(left, right)
                                              : left == right;
}

Target target_of(const Call& call) {
    Target target{{call.realm, call.path.user}, true};
    if (const auto id = parse_universal_id(call.path.user, call.memory)) {
        target.in_realm = same_realm(id->realm, call.realm, call.settings.subject_case);
        if (target.in_realm) {
            target.subject.user = id->user;
        }
    }
    return target;
}

}  // namespace

bool Call::version_served() const noexcept {
    if (versions && versions->resource) {
        return *versions->resource == kResourceVersion;
    }
    return settings.default_version != DefaultVersion::none;
}

Call read_call(const Request& request, const Settings& settings, Memory& memory) {
    Call call{request,
              settings,
              memory,
              Headers(request.headers, settings.cookie),
              parse_path(request.path, memory, settings.realms),
              parse_parameters(request.query, memory)};
    call.versions = parse_versions(call.headers.value(HeaderId::accept_api_version));
    call.method = effective_method(request, call.headers);
    const Realm asked = effective_realm(call.path, call.parameters.realm, memory);
    const auto realm = find_realm(call, asked);
    call.realm = realm.value_or(asked.path);
    call.realm_exists = realm.has_value();
    call.target = target_of(call);
    call.manner.pretty = call.parameters.pretty_print.value == "true";
    call.manner.version_warning = call.versions && !call.versions->resource;
    return call;
}

}  // namespace mfa_reset::am
