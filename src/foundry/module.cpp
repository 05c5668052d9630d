// Foundry's API as a module of nginx: its directives.
#include <openssl/crypto.h>

#include <algorithm>
#include <optional>
#include <string>
#include <variant>

#include "foundry/api.hpp"
#include "nginx/api_module.hpp"

MFA_RESET_DECLARE_API(foundry)

namespace mfa_reset::foundry {

namespace {

using nginx::kEverywhere;
using nginx::kName;
using nginx::takes;
using nginx::view;
using nginx::Written;

struct Conf : Settings {
    std::string session_prefix;  ///< before the key of a session
    std::string session_redis;   ///< empty: the sessions are in mfa_reset_redis
    std::string session_redis_password_file;
};

// -- values --------------------------------------------------------------------------------------

constexpr nginx::Text realm{[](std::string_view text) noexcept {
    const bool good =
        text == "/" || (text.starts_with('/') && !text.ends_with('/') &&
                        text.find("//") == std::string_view::npos && text.size() <= 256 &&
                        std::ranges::all_of(text, nginx::is_plain));
    return good ? nullptr
                : "write a path of printable ASCII characters without braces, quotes and "
                  "backslashes, such as /foundry";
}};

constexpr nginx::Text key_prefix{[](std::string_view text) noexcept {
    const bool good =
        !text.empty() && text.size() <= 64 && std::ranges::all_of(text, nginx::is_plain);
    return good ? nullptr
                : "write 1 to 64 printable ASCII characters without blanks, braces, quotes and "
                  "backslashes, such as site1:";
}};

constexpr nginx::Choices role_source{
    {nginx::Choice{"session", RoleSource::session}, {"repository", RoleSource::repository}},
    "write session or repository"};

constexpr nginx::Text uri{[](std::string_view text) noexcept {
    const bool good = !text.empty() && std::ranges::all_of(text, nginx::is_plain);
    return good ? nullptr : "write a URI";
}};

/// A file with a key, and `alg=NAME`.
struct KeyFile {
    static constexpr ngx_uint_t kArguments = NGX_CONF_TAKE12;

    bool read(const Written& written, const auth::JwtKey*& key) const {
        const auto algorithm = read_algorithm(written);
        ngx_str_t name = written.value();
        auto bytes = algorithm ? read_bytes(written, name) : std::nullopt;
        if (!bytes) {
            return false;
        }
        auto made = auth::make_jwt_key(*bytes, *algorithm);
        OPENSSL_cleanse(bytes->data(), bytes->size());
        if (const auto* reason = std::get_if<std::string>(&made)) {
            return refuse(written, name, *reason);
        }
        key = nginx::make_in_pool<auth::JwtKey>(written.cf()->pool,
                                                std::get<auth::JwtKey>(std::move(made)));
        return key != nullptr;
    }

private:
    static std::optional<auth::JwtAlgorithm> read_algorithm(const Written& written) {
        if (written.parameters().empty()) {
            return auth::parse_jwt_algorithm("HS256");
        }
        const ngx_str_t& word = written.parameters().front();
        const auto algorithm = auth::parse_jwt_algorithm(view(nginx::value_of(word, "alg=")));
        if (!algorithm) {
            written.refuse_parameter(word, "write alg=HS256, HS384, HS512, RS256, RS384 or RS512");
        }
        return algorithm;
    }

    /// Nothing: refused.
    static std::optional<std::string> read_bytes(const Written& written, ngx_str_t& name) {
        ngx_conf_t* const cf = written.cf();
        if (ngx_conf_full_name(cf->cycle, &name, 1) != NGX_OK) {
            return std::nullopt;
        }
        constexpr std::size_t kMost = 16384;
        auto bytes = nginx::read_small_file(name, kMost);
        if (!bytes) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                               "mfa_reset: cannot read mfa_reset_foundry_jwt_key \"%V\"", &name);
        } else if (bytes->size() > kMost) {
            refuse(written, name, "the file is too long for a key");
            bytes.reset();
        }
        return bytes;
    }

    static bool refuse(const Written& written, const ngx_str_t& name, const std::string& reason) {
        ngx_conf_log_error(NGX_LOG_EMERG, written.cf(), 0,
                           "mfa_reset: mfa_reset_foundry_jwt_key \"%V\" cannot be used: %s", &name,
                           reason.c_str());
        return false;
    }
};
constexpr KeyFile key_file;

/// When a code is asked for, and `attempts=N` and `lock=T`.
struct CallerCodeRule {
    static constexpr ngx_uint_t kArguments = NGX_CONF_TAKE123;
    static constexpr nginx::Choices kChoices{{nginx::Choice{"required", CallerCode::required},
                                              {"enrolled", CallerCode::enrolled},
                                              {"off", CallerCode::off}},
                                             "write required, enrolled or off"};

    bool read(const Written& written, CodeRule& rule) const {
        rule = {};
        return kChoices.read(written, rule.required) &&
               std::ranges::all_of(written.parameters(), [&](const ngx_str_t& word) {
                   return read_parameter(word, rule) ||
                          written.refuse_parameter(
                              word,
                              nginx::seconds_hint(nginx::value_of(word, "lock="), kLongestLock) +
                                  std::string{"write attempts= and a number from 1 to 1000, or "
                                              "lock= and a time from 1s to 1d"});
               });
    }
    constexpr void print(nginx::Printed& printed) const { kChoices.print(printed); }

private:
    static constexpr ngx_int_t kLongestLock = 86400000;

    static bool read_parameter(const ngx_str_t& word, CodeRule& rule) noexcept {
        const ngx_str_t attempts = nginx::value_of(word, "attempts=");
        const ngx_str_t lock = nginx::value_of(word, "lock=");
        if (attempts.data != nullptr) {
            const ngx_int_t number = ngx_atoi(attempts.data, attempts.len);
            rule.attempts = static_cast<unsigned>(number);
            return number >= 1 && number <= 1000;
        }
        const ngx_int_t time = lock.data != nullptr ? nginx::parse_time(lock) : NGX_ERROR;
        rule.lock = std::chrono::milliseconds{time};
        return time >= 1000 && time <= kLongestLock;
    }
};
constexpr CallerCodeRule caller_code_rule;

// -- the rows ------------------------------------------------------------------------------------

using C = Conf;
using J = auth::JwtRules;

// clang-format off
constexpr nginx::Directive<Conf> directives[] = {
    {"mfa_reset_realm", kEverywhere, takes<realm, &C::realm>, "/foundry"},
    {"mfa_reset_foundry_role", kEverywhere, takes<nginx::kNames, &C::roles>},
    {"mfa_reset_foundry_global", kEverywhere, takes<kName, &C::global_role>},
    {"mfa_reset_foundry_session_redis", kEverywhere, takes<nginx::kRedisUrl, &C::session_redis>},
    nginx::Directive<Conf>{"mfa_reset_foundry_session_redis_password_file", kEverywhere,
                           takes<nginx::kFile, &C::session_redis_password_file>}
        .goes_with<&C::session_redis>(),
    {"mfa_reset_foundry_session_prefix", kEverywhere, takes<key_prefix, &C::session_prefix>},
    {"mfa_reset_foundry_roles", kEverywhere, takes<role_source, &C::role_source>, "session"},
    {"mfa_reset_foundry_organisation", kEverywhere, takes<kName, &C::organisation>, "organisationId"},
    {"mfa_reset_foundry_jwt_key", kEverywhere, takes<key_file, &C::jwt_key>},
    {"mfa_reset_foundry_jwt_audience", kEverywhere, takes<nginx::kNames, &C::jwt_rules, &J::audiences>},
    {"mfa_reset_foundry_jwt_issuer", kEverywhere, takes<kName, &C::jwt_rules, &J::issuer>},
    {"mfa_reset_foundry_caller_code", kEverywhere, takes<caller_code_rule, &C::caller_code>, "required"},
    {"mfa_reset_foundry_xml_namespace", kEverywhere, takes<uri, &C::xml_namespace>,
     "http://schemas.datacontract.org/2004/07/Infrastructure.Api.Interfaces.ServiceOperations.UserAccounts"},
};
// clang-format on

// -- what is made of them ------------------------------------------------------------------------

/// Where ServiceStack keeps its sessions. nullptr: refused.
Records* find_sessions(nginx::ApiLocation& location, const nginx::Level<Conf>& conf) {
    if (conf.session_redis.empty()) {
        return &location.records();
    }
    return location.records_at({"mfa_reset_foundry_session_redis", conf.session_redis,
                                conf.place("mfa_reset_foundry_session_redis"),
                                conf.session_redis_password_file,
                                conf.place("mfa_reset_foundry_session_redis_password_file")});
}

/// Warns of what has no effect without another directive.
void judge_companions(const nginx::ApiLocation& location, const nginx::Level<Conf>& conf) {
    const auto judge = [&](const char* name, bool good, std::string_view needed) {
        if (conf.is_given(name)) {
            location.judge(good, conf.place(name),
                           "\"" + std::string{name} + "\" is not used: add \"" +
                               std::string{needed} + "\", or leave it out");
        }
    };
    const bool has_key = conf.jwt_key != nullptr;
    judge("mfa_reset_foundry_jwt_audience", has_key, "mfa_reset_foundry_jwt_key FILE;");
    judge("mfa_reset_foundry_jwt_issuer", has_key, "mfa_reset_foundry_jwt_key FILE;");
    judge("mfa_reset_foundry_session_redis_password_file", !conf.session_redis.empty(),
          "mfa_reset_foundry_session_redis URL;");
}

const Api* make(nginx::ApiLocation& location) {
    const auto& conf = location.directives<Conf>();
    judge_companions(location, conf);
    location.set_commands(4);
    Records* const sessions = find_sessions(location, conf);
    if (sessions == nullptr) {
        return nullptr;
    }
    const Settings& said = conf;
    Settings settings = said;
    settings.subject_case = location.subject_case();
    ngx_pool_t* const pool = location.cf()->pool;
    auto* const store =
        nginx::make_in_pool<RecordStore>(pool, location.records(), *sessions, conf.session_prefix);
    return store != nullptr ? nginx::make_in_pool<FoundryApi>(pool, std::move(settings), *store)
                            : nullptr;
}

}  // namespace

constexpr nginx::ApiModule api_module{"foundry", &ngx_http_mfa_reset_foundry_module,
                                      SubjectCase::exact, nginx::Fallback::no, make};

namespace {
MFA_RESET_PRINTED constexpr auto printed = nginx::printed_api<api_module, directives>();
}

}  // namespace mfa_reset::foundry

ngx_module_t ngx_http_mfa_reset_foundry_module =
    mfa_reset::nginx::module_of<mfa_reset::foundry::Conf, mfa_reset::foundry::directives>();
