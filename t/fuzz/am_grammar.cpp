// See am_grammar.hpp.
#include "am_grammar.hpp"

#include <algorithm>

namespace mfa_reset::fuzz {

namespace {

using Fault = am::Path::Fault;
using Names = std::vector<std::string>;

/// `0012` as `12`; nothing past Java's largest int.
std::optional<std::string> number(std::string_view digits) {
    const std::string_view kMost = "2147483647";
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    if (digits.size() > kMost.size() || (digits.size() == kMost.size() && digits > kMost)) {
        return std::nullopt;
    }
    return digits.empty() ? "0" : std::string(digits);
}

Fault fault_of(const std::string& name) {
    if (name.empty()) {
        return Fault::empty_element;
    }
    if (name == "." || name == "..") {
        return Fault::dot_element;
    }
    if (std::count(name.begin(), name.end(), '\0') != 0) {
        return Fault::nul;
    }
    return is_utf8(name) ? Fault::none : Fault::not_utf8;
}

RealmModel realm_of(const Names& names) {
    RealmModel realm{names.empty() ? "/" : "", true};
    for (const std::string& name : names) {
        const bool possible =
            name != "" && name != "." && name != ".." &&
            std::all_of(name.begin(), name.end(), [](char byte) {
                return byte != '/' && byte != 0x7F && static_cast<unsigned char>(byte) >= 0x20;
            });
        realm.possible = realm.possible && possible;
        realm.path += "/" + name;
    }
    return realm;
}

/// `root` is the top level wherever it stands.
Names after_root(Names names) {
    const auto root = std::find_if(names.rbegin(), names.rend(),
                                   [](const std::string& name) { return lower(name) == "root"; });
    names.erase(names.begin(), root.base());
    return names;
}

/// The names of the realm that stand before `users/…`; nothing where these are no realm.
std::optional<Names> realm_names(const Names& before, bool realms_form) {
    if (!realms_form) {
        const bool users = std::count(before.begin(), before.end(), "users") != 0;
        return users ? std::nullopt : std::optional(after_root(before));
    }
    Names names;
    for (std::size_t at = 0; at < before.size(); at += 2) {
        if (before[at] != "realms" || at + 1 == before.size()) {
            return std::nullopt;
        }
        names.push_back(before[at + 1]);
    }
    return after_root(names);
}

/// `names` is what follows `json`. Read from its end, where the library reads from the front.
std::optional<ResetPath> reset_of(Names names, bool realms_form) {
    constexpr std::size_t kTail = 5;
    // OpenAM's `devices/push` is `devices/2fa/push`.
    if (names.size() >= kTail - 1 && names.back() == "push" &&
        names[names.size() - 2] == "devices") {
        names.insert(names.end() - 1, "2fa");
    }
    if (names.size() < kTail) {
        return std::nullopt;
    }
    const Names tail(names.end() - kTail, names.end());
    names.resize(names.size() - kTail);
    if (tail[0] != "users" || tail[2] != "devices" || tail[3] != "2fa" ||
        (tail[4] != "oath" && tail[4] != "push")) {
        return std::nullopt;
    }
    const auto realm = realm_names(names, realms_form);
    if (!realm) {
        return std::nullopt;
    }
    return ResetPath{realm_of(*realm), tail[1],
                     tail[4] == "oath" ? am::Factor::oath : am::Factor::push};
}

}  // namespace

std::optional<VersionsModel> model_versions(std::string_view header) {
    VersionsModel versions;
    if (header.empty()) {
        return versions;
    }
    const auto groups = match(
        "(protocol|resource)=([0-9]+)(\\.([0-9]+))?"
        "([ \t]*,[ \t]*(protocol|resource)=([0-9]+)(\\.([0-9]+))?)?",
        header);
    if (!groups) {
        return std::nullopt;
    }
    for (const std::size_t first : {1U, 6U}) {
        const std::string& kind = (*groups)[first];
        if (kind.empty()) {
            continue;
        }
        const auto major = number((*groups)[first + 1]);
        const auto minor = number((*groups)[first + 3]);
        std::string& version = kind == "protocol" ? versions.protocol : versions.resource;
        if (!major || !minor || !version.empty()) {
            return std::nullopt;
        }
        version = *major + "." + *minor;
    }
    return versions;
}

RealmModel model_realm(std::string_view value) {
    const std::string names = without_outer_slashes(value);
    return realm_of(names.empty() ? Names{} : after_root(split(names, '/')));
}

PathModel model_path(std::string_view raw) {
    PathModel model;
    const std::string path = without_outer_slashes(raw);
    Names names;
    for (const std::string& element : path.empty() ? Names{} : split(path, '/')) {
        const auto name = percent_decoded(element, false);
        if (!name) {
            model.fault = Fault::encoding;
            return model;
        }
        names.push_back(*name);
    }
    for (const std::string& name : names) {
        model.fault = fault_of(name);
        if (model.fault != Fault::none) {
            return model;
        }
    }
    const auto json = std::find(names.begin(), names.end(), "json");
    if (json == names.end()) {
        return model;
    }
    names.erase(names.begin(), json + 1);
    model.realms_form = !names.empty() && names.front() == "realms";
    model.reset = reset_of(names, model.realms_form);
    return model;
}

std::optional<QueryModel> QueryModel::read(std::string_view query) {
    QueryModel model;
    if (!percent_decoded(query, false)) {
        return std::nullopt;
    }
    for (const std::string& pair : split(query, '&')) {
        const std::size_t equals = pair.find('=');
        const bool has_value = equals != std::string::npos;
        const auto name = percent_decoded(pair.substr(0, equals), true);
        const auto value = percent_decoded(has_value ? pair.substr(equals + 1) : "", true);
        require(name && value, "a well-encoded query has well-encoded parts");
        model.pairs_.emplace_back(*name, *value);
    }
    return model;
}

std::vector<std::string> QueryModel::any_case(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : pairs_) {
        if (lower(key) == lower(name)) {
            values.push_back(value);
        }
    }
    return values;
}

std::vector<std::string> QueryModel::exactly(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : pairs_) {
        if (key == name) {
            values.push_back(value);
        }
    }
    return values;
}

std::optional<std::string> model_cookie(std::string_view header, std::string_view name) {
    for (const std::string& pair : split(header, ';')) {
        const std::size_t equals = pair.find('=');
        if (equals == std::string::npos || lower(trimmed(pair.substr(0, equals))) != lower(name)) {
            continue;
        }
        const std::string value = trimmed(pair.substr(equals + 1));
        const bool quoted = value.size() > 1 && value.front() == '"' && value.back() == '"';
        return quoted ? value.substr(1, value.size() - 2) : value;
    }
    return std::nullopt;
}

bool model_token(std::string_view text) {
    constexpr std::size_t kMost = 16384;
    return text.size() <= kMost && match("[A-Za-z0-9._*@#+/=%-]+", text);
}

std::optional<UserModel> model_universal_id(std::string_view name) {
    struct Part {
        std::string type;
        std::optional<std::string> name;  ///< nullopt: the value is no name
    };
    std::vector<Part> parts;
    // The end may be cut off after a comma.
    for (const std::string& part : split(name.substr(0, name.size() - name.ends_with(',')), ',')) {
        const auto written =
            match(" *([A-Za-z]+) *= *(([^+;\" ]|[^+;\" ][^+;\"]*[^+;\" ])) *", part);
        const auto any = match(" *([A-Za-z]+) *=.*", part);
        const bool is_name = written && is_utf8((*written)[2]);
        parts.push_back(
            {any ? lower((*any)[1]) : "", is_name ? std::optional((*written)[2]) : std::nullopt});
    }
    if (parts.size() < 2 || parts[0].type != "id" || !parts[0].name || parts[1].type != "ou" ||
        lower(parts[1].name.value_or("")) != "user") {
        return std::nullopt;
    }
    UserModel model{*parts[0].name, ""};
    for (std::size_t at = 2; at < parts.size() && (parts[at].type == "o" || parts[at].type.empty());
         ++at) {
        const auto& realm = parts[at].name;
        if (parts[at].type.empty() || !realm || realm->find('/') != std::string::npos) {
            return std::nullopt;
        }
        model.realm = "/" + *realm + model.realm;
    }
    model.realm = model.realm.empty() ? "/" : model.realm;
    return model;
}

}  // namespace mfa_reset::fuzz
