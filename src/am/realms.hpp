// The realms that exist, as the configuration lists them (contracts/am.md, Path).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfa_reset::am {

/// Whether a realm may have that name, decoded: not empty, neither `.` nor `..`, and without a
/// slash, which would make it two, and control characters. That it is UTF-8 is checked elsewhere.
bool is_realm_name(std::string_view name) noexcept;

/// Whether `path` is `/` or names of realms, each after a slash: `/alpha/eu`. In UTF-8.
bool is_realm_path(std::string_view path) noexcept;

/// The sentence that refuses another path, for the operator.
inline constexpr const char* kRealmPathWanted =
    "write a realm's path such as / or /alpha/eu, without a slash at its end";

/// Names are compared as AM does, without the case of A-Z, and are told in the configuration's
/// spelling. Made while the configuration is loaded, and read only after that.
class Realms {
public:
    /// Lists the realm `/alpha/eu`. The top level exists whatever is listed; `/` may be listed for
    /// its aliases, or to say that there is no other. Returns nullptr, or why it is refused, as a
    /// sentence for the operator.
    const char* add(std::string_view path);

    /// Another name of the realm that was listed last, for requests that say `realms/{name}`.
    /// Returns and throws as add().
    const char* add_alias(std::string_view alias);

    /// False: nothing is listed, and every well-formed realm exists.
    bool listed() const noexcept { return !realms_.empty(); }

    /// How many bytes the longest path has that is listed.
    std::size_t longest() const noexcept { return longest_; }

    /// Of a listed configuration: the path of the realm as it is listed; nothing where there is no
    /// such realm. The view lives as long as this object.
    std::optional<std::string_view> find(std::string_view path) const noexcept;

    /// The same for the realm whose path is `base` and then `names`, each with a slash before it
    /// (`/alpha` and `/eu/west`). Makes no copy of them.
    std::optional<std::string_view> find_below(std::string_view base,
                                               std::string_view names) const noexcept;

    /// The same for an alias, or for a last name that one realm alone has.
    std::optional<std::string_view> find_short(std::string_view name) const noexcept;

    /// Whether a realm that is listed, or the top level, is `path` or below it.
    bool has_any_in(std::string_view path) const noexcept;

private:
    struct Entry {
        std::string path;
        std::vector<std::string> aliases;

        std::string_view last_name() const noexcept;
        bool is_called(std::string_view name) const noexcept;  ///< by its last name
        bool has_alias(std::string_view name) const noexcept;
    };
    std::vector<Entry> realms_;
    std::size_t longest_ = 0;
};

}  // namespace mfa_reset::am
