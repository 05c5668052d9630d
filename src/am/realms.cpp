#include "am/realms.hpp"

#include <algorithm>

#include "format/ascii.hpp"
#include "format/utf8.hpp"

namespace mfa_reset::am {

bool is_realm_name(std::string_view name) noexcept {
    return !name.empty() && name != "." && name != ".." &&
           std::none_of(name.begin(), name.end(), [](char character) {
               return character == '/' || format::is_control(character);
           });
}

bool is_realm_path(std::string_view path) noexcept {
    if (!path.starts_with('/') || !format::is_utf8(path)) {
        return false;
    }
    for (std::string_view rest = path.substr(1); path != "/";) {
        const std::size_t slash = rest.find('/');
        if (!is_realm_name(rest.substr(0, slash))) {
            return false;
        }
        if (slash == std::string_view::npos) {
            break;
        }
        rest.remove_prefix(slash + 1);
    }
    return true;
}

std::string_view Realms::Entry::last_name() const noexcept {
    return std::string_view(path).substr(path.rfind('/') + 1);
}

bool Realms::Entry::is_called(std::string_view name) const noexcept {
    // The top level has no last name.
    return !name.empty() && format::equal_ignoring_case(last_name(), name);
}

bool Realms::Entry::has_alias(std::string_view name) const noexcept {
    return std::any_of(aliases.begin(), aliases.end(), [name](const std::string& alias) {
        return format::equal_ignoring_case(alias, name);
    });
}

const char* Realms::add(std::string_view path) {
    if (!is_realm_path(path)) {
        return kRealmPathWanted;
    }
    Entry entry{std::string(path), {}};
    for (const Entry& other : realms_) {
        if (format::equal_ignoring_case(other.path, path)) {
            return "this realm is listed already";
        }
        if (other.has_alias(entry.last_name()) && !other.is_called(entry.last_name())) {
            return "its last name is another realm's alias: give that one another alias";
        }
    }
    longest_ = std::max(longest_, path.size());
    realms_.push_back(std::move(entry));
    return nullptr;
}

const char* Realms::add_alias(std::string_view alias) {
    if (!is_realm_name(alias) || !format::is_utf8(alias) ||
        format::equal_ignoring_case(alias, "root")) {
        return "write one name as the alias, such as alias=customers; root is always the top level";
    }
    // Of two realms with one last name, one may have it as its alias, too: then it is meant.
    const bool own = realms_.back().is_called(alias);
    for (const Entry& entry : realms_) {
        if (entry.has_alias(alias)) {
            return "this alias is listed already";
        }
        if (!own && entry.is_called(alias)) {
            return "this alias is the last name of another realm";
        }
    }
    realms_.back().aliases.emplace_back(alias);
    return nullptr;
}

std::optional<std::string_view> Realms::find(std::string_view path) const noexcept {
    for (const Entry& entry : realms_) {
        if (format::equal_ignoring_case(entry.path, path)) {
            return entry.path;
        }
    }
    return path == "/" ? std::optional<std::string_view>("/") : std::nullopt;
}

bool Realms::has_any_in(std::string_view path) const noexcept {
    const auto is_in = [path](const Entry& entry) {
        return format::equal_ignoring_case(std::string_view{entry.path}.substr(0, path.size()),
                                           path) &&
               (entry.path.size() == path.size() || entry.path[path.size()] == '/');
    };
    return path == "/" || std::any_of(realms_.begin(), realms_.end(), is_in);
}

std::optional<std::string_view> Realms::find_below(std::string_view base,
                                                   std::string_view names) const noexcept {
    if (base == "/" || names.empty()) {
        return find(names.empty() ? base : names);
    }
    for (const Entry& entry : realms_) {
        const std::string_view path = entry.path;
        if (path.size() == base.size() + names.size() &&
            format::equal_ignoring_case(path.substr(0, base.size()), base) &&
            format::equal_ignoring_case(path.substr(base.size()), names)) {
            return entry.path;
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> Realms::find_short(std::string_view name) const noexcept {
    std::optional<std::string_view> found;
    bool unique = true;
    for (const Entry& entry : realms_) {
        if (entry.has_alias(name)) {
            return entry.path;
        }
        if (entry.is_called(name)) {
            unique = !found;
            found = entry.path;
        }
    }
    return unique ? found : std::nullopt;
}

}  // namespace mfa_reset::am
