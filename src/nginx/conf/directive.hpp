// A directive is one row of a table: its name, its contexts, the kind of its value, its field and
// its default. Everything else is made from the rows: nginx's commands, the initial values of a
// level, inheritance, and the output of scripts/directives.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "nginx/conf/conf_place.hpp"
#include "nginx/conf/printed.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

inline constexpr ngx_uint_t kEverywhere =
    NGX_HTTP_MAIN_CONF | NGX_HTTP_SRV_CONF | NGX_HTTP_LOC_CONF;

/// The arguments of one directive while it is read.
class Written {
public:
    /// `words` are the arguments: at least one.
    Written(ngx_conf_t* cf, std::string_view name, std::span<const ngx_str_t> words) noexcept
        : cf_(cf), name_(name), words_(words) {}

    ngx_conf_t* cf() const noexcept { return cf_; }
    std::string_view name() const noexcept { return name_; }
    std::span<const ngx_str_t> words() const noexcept { return words_; }
    const ngx_str_t& value() const noexcept { return words_.front(); }
    std::span<const ngx_str_t> parameters() const noexcept { return words_.subspan(1); }

    /// Logs that `word` is refused and what to write instead. Returns false, for read() of a Kind.
    bool refuse(const ngx_str_t& word, std::string_view sentence) const noexcept;
    bool refuse_parameter(const ngx_str_t& word, std::string_view sentence) const noexcept;

private:
    ngx_conf_t* cf_;
    std::string_view name_;
    std::span<const ngx_str_t> words_;
};

/// A field of `conf` by a path of members: `field<&LocConf::tls, &TlsSettings::name>(conf)`.
template <auto... Path>
constexpr auto& field(auto& conf) noexcept {
    return (conf.*....*Path);
}

/// A kind of value and the field for it. A Kind (kinds.hpp, or an API's own) has
///     static constexpr ngx_uint_t kArguments          NGX_CONF_TAKE1, …
///     bool read(const Written&, Field&) const         false: refused and logged. May throw
///                                                     std::bad_alloc
///     static constexpr bool kRepeats = true           if it may be repeated on one level
///     constexpr void print(Printed&) const            if the values can be listed
template <const auto& Kind, auto... Path>
struct Takes {};
template <const auto& Kind, auto... Path>
inline constexpr Takes<Kind, Path...> takes{};

/// A row. `Conf` has the fields; a field without a default keeps its initial value.
template <class Conf>
struct Directive {
    /// `standard` is the default as written in nginx.conf; nullptr: the initial value of the field.
    template <const auto& Kind, auto... Path>
    consteval Directive(const char* its_name, ngx_uint_t its_contexts,
                        Takes<Kind, Path...> /*takes*/, const char* its_standard = nullptr)
        : name(its_name),
          contexts(its_contexts),
          arguments(std::remove_cvref_t<decltype(Kind)>::kArguments),
          standard(its_standard),
          repeats(requires { std::remove_cvref_t<decltype(Kind)>::kRepeats; }),
          read([](const Written& written, Conf& conf) {
              return Kind.read(written, field<Path...>(conf));
          }),
          inherit([](Conf& conf, const Conf& parent) {
              field<Path...>(conf) = field<Path...>(parent);
          }),
          print([](Printed& printed) {
              if constexpr (requires { Kind.print(printed); }) {
                  Kind.print(printed);
              }
          }) {}

    /// A secret for the server at the URL in the field `Path`. A level with another URL does not
    /// inherit it: its server must not receive it.
    template <auto... Path>
    consteval Directive goes_with() const {
        Directive row = *this;
        row.is_inherited = [](const Conf& conf, const Conf& parent) {
            const auto& url = field<Path...>(conf);
            const auto& outer = field<Path...>(parent);
            return url.empty() || outer.empty() || url == outer;
        };
        return row;
    }

    /// Only for a location: a nested location does not inherit it.
    constexpr bool is_of_location() const noexcept { return contexts == NGX_HTTP_LOC_CONF; }

    const char* name;
    ngx_uint_t contexts;
    ngx_uint_t arguments;
    const char* standard;
    bool repeats;
    bool (*read)(const Written&, Conf&);
    void (*inherit)(Conf& conf, const Conf& parent);
    void (*print)(Printed&);
    bool (*is_inherited)(const Conf& conf, const Conf& parent) = nullptr;  // nullptr: always
};

/// The directives of one level of the configuration: http, server or location.
template <class Conf>
struct Level : Conf {
    explicit Level(std::span<const Directive<Conf>> table) : rows(table), places(table.size()) {}

    /// The place of a directive, on this level or on the outer one that it is inherited from.
    const ConfPlace& place(std::string_view name) const noexcept {
        const auto row = std::ranges::find(rows, name, &Directive<Conf>::name);
        assert(row != rows.end());
        return places[static_cast<std::size_t>(row - rows.begin())];
    }
    bool is_given(std::string_view name) const noexcept { return place(name).line != 0; }

    std::span<const Directive<Conf>> rows;
    std::vector<ConfPlace> places;  // of each row; line 0: not given
};

/// The words of a default, separated by single blanks.
std::vector<ngx_str_t> words_of(std::string_view standard);

/// A level with the defaults of the array `Rows`, in the pool. nullptr: no memory.
template <class Conf, const auto& Rows>
void* create_level(ngx_conf_t* cf) noexcept {
    return guarded<void*>(nullptr, [cf]() -> void* {
        auto* level = make_in_pool<Level<Conf>>(cf->pool, Rows);
        for (const Directive<Conf>& row : Rows) {
            if (level == nullptr || (row.standard != nullptr &&
                                     !row.read({cf, row.name, words_of(row.standard)}, *level))) {
                return nullptr;
            }
        }
        return level;
    });
}

/// Takes the directives that `level` does not have from the outer level. `same_location`: `level`
/// is an `if` or `limit_except` block, which inherits its location's own directives, too.
template <class Conf>
void inherit(Level<Conf>& level, const Level<Conf>& parent, bool same_location = false) {
    for (std::size_t i = 0; i < level.rows.size(); ++i) {
        const Directive<Conf>& row = level.rows[i];
        if (level.places[i].line != 0 || (row.is_of_location() && !same_location) ||
            (row.is_inherited != nullptr && !row.is_inherited(level, parent))) {
            continue;
        }
        row.inherit(level, parent);
        level.places[i] = parent.places[i];
    }
}

/// inherit() as a function for nginx.
template <class Conf>
char* merge_level(ngx_conf_t* /*cf*/, void* parent, void* conf) noexcept {
    return guarded(static_cast<char*>(NGX_CONF_ERROR), [&]() -> char* {
        inherit(*static_cast<Level<Conf>*>(conf), *static_cast<const Level<Conf>*>(parent));
        return NGX_CONF_OK;
    });
}

/// nginx's setter for every row.
template <class Conf>
char* set_directive(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    auto& level = *static_cast<Level<Conf>*>(conf);
    const auto& row = *static_cast<const Directive<Conf>*>(cmd->post);
    ConfPlace& place = level.places[static_cast<std::size_t>(&row - level.rows.data())];
    if (place.line != 0 && !row.repeats) {
        static char duplicate[] = "is duplicate";
        return duplicate;
    }
    place = current_place(cf);
    const std::span words{static_cast<const ngx_str_t*>(cf->args->elts), cf->args->nelts};
    return guarded(static_cast<char*>(NGX_CONF_ERROR), [&]() -> char* {
        const bool good = row.read({cf, row.name, words.subspan(1)}, level);
        return good ? NGX_CONF_OK : static_cast<char*>(NGX_CONF_ERROR);
    });
}

/// The rows as nginx's commands, with the null command at the end.
template <class Conf, std::size_t N>
std::array<ngx_command_t, N + 1> commands_of(const Directive<Conf> (&rows)[N]) noexcept {
    std::array<ngx_command_t, N + 1> commands{};  // the last is the null command
    std::ranges::transform(rows, commands.begin(), [](const Directive<Conf>& row) {
        return ngx_command_t{str(row.name),
                             row.contexts | row.arguments,
                             set_directive<Conf>,
                             NGX_HTTP_LOC_CONF_OFFSET,
                             0,
                             const_cast<Directive<Conf>*>(&row)};
    });
    return commands;
}

/// The commands of the array `Rows`.
template <class Conf, const auto& Rows>
inline auto commands = commands_of<Conf>(Rows);

/// Prints a line for each row: name, contexts, values if they can be listed, default.
template <class Conf, std::size_t N>
constexpr void print(const Directive<Conf> (&rows)[N], Printed& printed) {
    for (const Directive<Conf>& row : rows) {
        printed << row.name << "\t"
                << (row.is_of_location() ? "location" : "http, server, location") << "\t";
        row.print(printed);
        printed << "\t" << (row.standard != nullptr ? row.standard : "") << "\n";
    }
}

}  // namespace mfa_reset::nginx
