// Everything that src/NAME/module.cpp needs. Each API is an nginx module of its own in the same
// file, with its own directives. nginx merges the directives of all APIs before those of the main
// module, whose merge makes the API of a location. docs/development.md ("Adding an API") shows such
// a file.
#pragma once

#include <string>
#include <string_view>

#include "mfa_reset/api.hpp"
#include "mfa_reset/records.hpp"
#include "nginx/conf/conf_place.hpp"
#include "nginx/conf/directive.hpp"
#include "nginx/conf/kinds.hpp"
#include "nginx/conf/printed.hpp"
#include "nginx/conf/small_file.hpp"
#include "nginx/ngx.hpp"

/// Declares the two constants that the API `name` defines in its module.cpp: nginx's module, and
/// the ApiModule.
#define MFA_RESET_DECLARE_API(name)                         \
    extern "C" {                                            \
    extern ngx_module_t ngx_http_mfa_reset_##name##_module; \
    }                                                       \
    namespace mfa_reset::nginx {                            \
    struct ApiModule;                                       \
    }                                                       \
    namespace mfa_reset::name {                             \
    extern const nginx::ApiModule api_module;               \
    }

namespace mfa_reset::nginx {

class ApiLocation;

/// Whether a location of an API may have mfa_reset_fallback.
enum class Fallback : std::uint8_t { no, yes };

/// The constant `api_module` of each API's namespace, in its module.cpp.
struct ApiModule {
    std::string_view name;     ///< the value of `mfa_reset`, and the namespace
    ngx_module_t* module;      ///< `&ngx_http_mfa_reset_am_module`; by module_of()
    SubjectCase subject_case;  ///< unless mfa_reset_subject_case says otherwise
    Fallback fallback;
    /// Makes the API of a location, in the configuration's pool. nullptr: refused and logged, or no
    /// memory.
    const Api* (*make)(ApiLocation& location);
};

/// A directive that names a Redis, and the one with `_password_file` after its name. The other
/// directives about Redis are the location's, for every Redis.
struct RedisDirective {
    std::string_view name;
    std::string_view url;  ///< taken by kRedisUrl
    ConfPlace place;
    std::string_view password_file;  ///< empty: not given
    ConfPlace password_file_place;
    bool keeps_records = false;  ///< the module's own, which must not be evicted
};

/// A location with `mfa_reset NAME;` while its API is made. Its directives are merged.
class ApiLocation {
public:
    /// The API's own directives.
    template <class Conf>
    const Level<Conf>& directives() const noexcept {
        return *static_cast<const Level<Conf>*>(own_directives());
    }

    virtual ngx_conf_t* cf() const noexcept = 0;

    /// From mfa_reset_subject_case, or the API's own.
    virtual SubjectCase subject_case() const noexcept = 0;

    /// Of `mfa_reset NAME;`.
    virtual const ConfPlace& place() const noexcept = 0;

    /// Of mfa_reset_fallback; nullptr: not given.
    virtual const ConfPlace* fallback_place() const noexcept = 0;

    /// The location's records, for the API's store.
    virtual Records& records() const noexcept = 0;

    /// The records on another Redis than mfa_reset_redis. nullptr: refused and logged.
    virtual Records* records_at(const RedisDirective& redis) const = 0;

    // What follows makes `nginx -t` warn of what cannot do what it says.

    /// The directive at `place` is of use here (`good`), or `sentence` says why it is not, and what
    /// to write. A directive that more locations inherit is warned of if it is of use in none.
    virtual void judge(bool good, const ConfPlace& place, std::string_view sentence) const = 0;

    /// The API asks `uri` by Services::fetcher(), because of `directive` at `place`.
    virtual void judge_subrequest(std::string_view directive, const ConfPlace& place,
                                  std::string_view uri) const = 0;

    /// A request takes up to so many commands to Redis, one after the other; unless an API says
    /// so, two.
    virtual void set_commands(unsigned most) noexcept = 0;

protected:
    ~ApiLocation() = default;
    virtual const void* own_directives() const noexcept = 0;
};

/// The URL of a Redis.
struct RedisUrl {
    static constexpr ngx_uint_t kArguments = NGX_CONF_TAKE1;
    bool read(const Written& written, std::string& url) const;
};
inline constexpr RedisUrl kRedisUrl;

/// The context and the module of an API that has the directives in the array `Rows`.
template <class Conf, const auto& Rows>
inline ngx_http_module_t context{
    nullptr,  // preconfiguration
    nullptr,  // postconfiguration
    nullptr,  // create main configuration
    nullptr,  // init main configuration
    nullptr,  // create server configuration
    nullptr,  // merge server configuration
    create_level<Conf, Rows>,
    merge_level<Conf>,
};
template <class Conf, const auto& Rows>
constexpr ngx_module_t module_of() noexcept {
    return {
        NGX_MODULE_V1,
        &context<Conf, Rows>,
        commands<Conf, Rows>.data(),
        NGX_HTTP_MODULE,
        nullptr,  // init master
        nullptr,  // init module
        nullptr,  // init process
        nullptr,  // init thread
        nullptr,  // exit thread
        nullptr,  // exit process
        nullptr,  // exit master
        NGX_MODULE_V1_PADDING,
    };
}

/// The output of scripts/directives for an API: a line for itself, and its directives.
template <const ApiModule& Module, const auto& Rows>
consteval auto printed_api() {
    return printed<[](Printed& printed) {
        printed << "api\t" << Module.name << "\t"
                << (Module.subject_case == SubjectCase::ascii ? "ascii" : "exact") << "\n";
        print(Rows, printed);
    }>();
}

}  // namespace mfa_reset::nginx
