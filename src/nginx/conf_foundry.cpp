// See conf_foundry.hpp.
#include "nginx/conf_foundry.hpp"

#include <openssl/crypto.h>

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "foundry/api.hpp"
#include "nginx/conf.hpp"
#include "nginx/setters.hpp"
#include "nginx/small_file.hpp"

namespace mfa_reset::nginx {

namespace {

constexpr ngx_int_t kAttempts = 5;
constexpr ngx_msec_t kLock = 900000;

std::span<const ngx_str_t> arguments(const ngx_conf_t* cf) noexcept {
    return {static_cast<const ngx_str_t*>(cf->args->elts), cf->args->nelts};
}

std::vector<std::string> names_of(const ngx_array_t* array) {
    std::vector<std::string> names;
    if (array != nullptr) {
        for (const ngx_str_t& name :
             std::span{static_cast<const ngx_str_t*>(array->elts), array->nelts}) {
            names.emplace_back(view(name));
        }
    }
    return names;
}

template <class Pointer>
void inherit(Pointer& value, const Pointer& parent) noexcept {
    if (value == nullptr) {
        value = parent;
    }
}

char* refused() noexcept { return static_cast<char*>(NGX_CONF_ERROR); }

/// The bytes of a key's file. Nothing: it cannot be read, or is too long to be a key, and said so.
std::optional<std::string> read_key_file(ngx_conf_t* cf, ngx_str_t& name) {
    if (ngx_conf_full_name(cf->cycle, &name, 1) != NGX_OK) {
        return std::nullopt;
    }
    constexpr std::size_t kMost = 16384;
    auto bytes = read_small_file(name, kMost);
    if (!bytes) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "mfa_reset: cannot read mfa_reset_foundry_jwt_key \"%V\"", &name);
    } else if (bytes->size() > kMost) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "mfa_reset: mfa_reset_foundry_jwt_key \"%V\" cannot be used: the file "
                           "is too long for a key",
                           &name);
        bytes.reset();
    }
    return bytes;
}

}  // namespace

void init(FoundryConf& conf) noexcept {
    conf.caller_code = NGX_CONF_UNSET_UINT;
    conf.attempts = NGX_CONF_UNSET;
    conf.lock = NGX_CONF_UNSET_MSEC;
}

void merge(FoundryConf& conf, const FoundryConf& parent) noexcept {
    inherit(conf.realm, parent.realm, "/foundry");
    inherit(conf.global, parent.global, "");
    inherit(conf.organisation, parent.organisation, "organisationId");
    inherit(conf.jwt_issuer, parent.jwt_issuer, "");
    inherit(conf.xml_namespace, parent.xml_namespace,
            "http://schemas.datacontract.org/2004/07/"
            "Infrastructure.Api.Interfaces.ServiceOperations.UserAccounts");
    if (!leads_elsewhere(conf.session_redis, parent.session_redis)) {
        inherit(conf.session_redis_password_file, conf.session_redis_password_file_place,
                parent.session_redis_password_file, parent.session_redis_password_file_place);
    }
    inherit(conf.session_redis, conf.session_redis_place, parent.session_redis,
            parent.session_redis_place);
    ngx_conf_merge_uint_value(conf.caller_code, parent.caller_code,
                              static_cast<ngx_uint_t>(foundry::CallerCode::required));
    ngx_conf_merge_value(conf.attempts, parent.attempts, kAttempts);
    ngx_conf_merge_msec_value(conf.lock, parent.lock, kLock);
    inherit(conf.roles, parent.roles);
    inherit(conf.jwt_audiences, parent.jwt_audiences);
    inherit(conf.jwt_key, parent.jwt_key);
}

const Api* make_foundry_api(ngx_conf_t* cf, const LocConf& conf) noexcept {
    return guarded<const Api*>(nullptr, [&]() -> const Api* {
        const FoundryConf& foundry = conf.foundry;
        foundry::Settings settings;
        settings.realm = view(foundry.realm);
        settings.roles = names_of(foundry.roles);
        settings.global_role = view(foundry.global);
        settings.organisation = view(foundry.organisation);
        settings.jwt_key = foundry.jwt_key;
        settings.jwt_rules = {names_of(foundry.jwt_audiences),
                              std::string{view(foundry.jwt_issuer)}};
        settings.caller_code = static_cast<foundry::CallerCode>(foundry.caller_code);
        settings.attempts = static_cast<unsigned>(foundry.attempts);
        settings.lock = std::chrono::milliseconds{foundry.lock};
        settings.xml_namespace = view(foundry.xml_namespace);
        settings.subject_case = subject_case(conf, SubjectCase::exact);
        return make_in_pool<foundry::FoundryApi>(cf->pool, std::move(settings));
    });
}

char* set_jwt_key(ngx_conf_t* cf, ngx_command_t* /*cmd*/, void* conf) noexcept {
    FoundryConf& foundry = static_cast<LocConf*>(conf)->foundry;
    if (foundry.jwt_key != nullptr) {
        static char duplicate[] = "is duplicate";
        return duplicate;
    }
    return guarded(refused(), [&]() -> char* {
        const auto words = arguments(cf);
        const auto algorithm = auth::parse_jwt_algorithm(
            words.size() > 2 ? view(value_of(words[2], "alg=")) : "HS256");
        if (!algorithm) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"mfa_reset_foundry_jwt_key\" has an invalid parameter \"%V\": "
                               "write alg=HS256, HS384, HS512, RS256, RS384 or RS512",
                               &words[2]);
            return refused();
        }
        ngx_str_t name = words[1];
        auto bytes = read_key_file(cf, name);
        if (!bytes) {
            return refused();
        }
        auto made = auth::make_jwt_key(*bytes, *algorithm);
        OPENSSL_cleanse(bytes->data(), bytes->size());
        if (const auto* reason = std::get_if<std::string>(&made)) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "mfa_reset: mfa_reset_foundry_jwt_key \"%V\" cannot be used: %s",
                               &name, reason->c_str());
            return refused();
        }
        foundry.jwt_key =
            make_in_pool<auth::JwtKey>(cf->pool, std::get<auth::JwtKey>(std::move(made)));
        return foundry.jwt_key != nullptr ? NGX_CONF_OK : refused();
    });
}

char* set_caller_code(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    FoundryConf& foundry = static_cast<LocConf*>(conf)->foundry;
    if (char* const problem = set_choice(cf, cmd, conf); problem != NGX_CONF_OK) {
        return problem;
    }
    foundry.attempts = kAttempts;
    foundry.lock = kLock;
    for (const ngx_str_t& word : arguments(cf).subspan(2)) {
        ngx_str_t lock = value_of(word, "lock=");
        const ngx_str_t attempts = value_of(word, "attempts=");
        bool good = false;
        if (attempts.data != nullptr) {
            foundry.attempts = ngx_atoi(attempts.data, attempts.len);
            good = foundry.attempts >= 1 && foundry.attempts <= 1000;
        } else if (lock.data != nullptr) {
            const ngx_int_t time = ngx_parse_time(&lock, 0);
            foundry.lock = static_cast<ngx_msec_t>(time);
            good = time != NGX_ERROR && foundry.lock >= 1000 && foundry.lock <= 86400000;
        }
        if (!good) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"mfa_reset_foundry_caller_code\" has an invalid parameter \"%V\": "
                               "write attempts= and a number from 1 to 1000, or lock= and a time "
                               "from 1s to 1d",
                               &word);
            return refused();
        }
    }
    return NGX_CONF_OK;
}

}  // namespace mfa_reset::nginx
