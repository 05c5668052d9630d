// The directives: each with its contexts, its field and what may be written. docs/directives.md
// describes them one by one; a test holds it against this table.
#include "nginx/directives.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <variant>

#include "am/api.hpp"
#include "foundry/api.hpp"
#include "nginx/am_admin.hpp"
#include "nginx/am_realm.hpp"
#include "nginx/conf.hpp"
#include "nginx/redis_wait.hpp"
#include "nginx/setters.hpp"

namespace mfa_reset::nginx {

namespace {

constexpr ngx_uint_t kEverywhere = NGX_HTTP_MAIN_CONF | NGX_HTTP_SRV_CONF | NGX_HTTP_LOC_CONF;

constexpr ngx_uint_t to_uint(auto value) noexcept { return static_cast<ngx_uint_t>(value); }

// -- values --------------------------------------------------------------------------------------

const ngx_conf_enum_t api_names[] = {
    {ngx_string("am"), to_uint(ApiKind::am)},
    {ngx_string("foundry"), to_uint(ApiKind::foundry)},
    {ngx_string("oaa"), to_uint(ApiKind::oaa)},
    {ngx_string("off"), to_uint(ApiKind::off)},
    {ngx_null_string, 0},
};
Choices apis{api_names, "write am, foundry, oaa or off"};

const ngx_conf_enum_t subject_case_names[] = {
    {ngx_string("ascii"), to_uint(SubjectCase::ascii)},
    {ngx_string("exact"), to_uint(SubjectCase::exact)},
    {ngx_null_string, 0},
};
Choices subject_cases{subject_case_names,
                      "write ascii (A-Z are a-z) or exact (names are taken as they are)"};

const ngx_conf_enum_t default_version_names[] = {
    {ngx_string("latest"), to_uint(am::DefaultVersion::latest)},
    {ngx_string("oldest"), to_uint(am::DefaultVersion::oldest)},
    {ngx_string("none"), to_uint(am::DefaultVersion::none)},
    {ngx_null_string, 0},
};
Choices default_versions{default_version_names, "write latest, oldest or none"};

const ngx_conf_enum_t profiles_names[] = {
    {ngx_string("redis"), to_uint(am::Profiles::redis)},
    {ngx_string("am"), to_uint(am::Profiles::am)},
    {ngx_null_string, 0},
};
Choices profiles{profiles_names, "write redis or am: where the devices are"};

const ngx_conf_enum_t caller_code_names[] = {
    {ngx_string("required"), to_uint(foundry::CallerCode::required)},
    {ngx_string("enrolled"), to_uint(foundry::CallerCode::enrolled)},
    {ngx_string("off"), to_uint(foundry::CallerCode::off)},
    {ngx_null_string, 0},
};
Choices caller_codes{caller_code_names, "write required, enrolled or off"};

NumberRange connections{1, 64};
NumberRange max_pending{1, 65536};
NumberRange events_length{0, 10000};
TimeRange wait{1, 60000};
TimeRange session_cache{0, 60000};

bool is_plain(u_char c) noexcept {
    return c > ' ' && c < 0x7F && c != '{' && c != '}' && c != '"' && c != '\\';
}

bool is_token(u_char c) noexcept {
    return is_plain(c) && ngx_strchr("()<>@,;:/[]?=", c) == nullptr;
}

const char* refuse_prefix(const ngx_str_t& text) noexcept {
    const bool good = text.len != 0 && text.len <= 64 && std::ranges::all_of(view(text), is_plain);
    return good ? nullptr
                : "write 1 to 64 printable ASCII characters without braces, quotes, backslashes "
                  "and blanks, such as mfa:";
}
TextCheck prefix{refuse_prefix};

/// All other keys of ours have a brace or a colon behind the prefix.
bool is_stream_name(u_char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

const char* refuse_stream(const ngx_str_t& text) noexcept {
    const bool good =
        text.len != 0 && text.len <= 64 && std::ranges::all_of(view(text), is_stream_name);
    return good ? nullptr
                : "write off, or a name of 1 to 64 letters, digits, dots, underscores and hyphens, "
                  "such as events";
}
TextCheck events_stream{refuse_stream};

const char* refuse_cookie(const ngx_str_t& text) noexcept {
    const bool good = text.len != 0 && text.len <= 128 && std::ranges::all_of(view(text), is_token);
    return good ? nullptr : "write the cookie's name, such as iPlanetDirectoryPro";
}
TextCheck cookie{refuse_cookie};

const char* refuse_named_location(const ngx_str_t& text) noexcept {
    return text.len > 1 && text.data[0] == '@' ? nullptr
                                               : "write the name of a location, such as @am";
}
TextCheck named_location{refuse_named_location};

const char* refuse_session(const ngx_str_t& text) noexcept {
    const std::string_view value = view(text);
    const bool good = value == "redis" || (value.starts_with(kSubrequest) &&
                                           value.substr(kSubrequest.size()).starts_with('/'));
    return good ? nullptr : "write redis or subrequest=/uri";
}
TextCheck session{refuse_session};

const char* refuse_realm(const ngx_str_t& text) noexcept {
    const std::string_view realm = view(text);
    const bool good = realm == "/" || (realm.starts_with('/') && !realm.ends_with('/') &&
                                       realm.find("//") == std::string_view::npos &&
                                       realm.size() <= 256 && std::ranges::all_of(realm, is_plain));
    return good ? nullptr
                : "write a path of printable ASCII characters without braces, quotes and "
                  "backslashes, such as /foundry";
}
TextCheck realm{refuse_realm};

const char* refuse_name(const ngx_str_t& text) noexcept {
    return text.len != 0 ? nullptr : "write a name";
}
TextCheck any_name{refuse_name};

const char* refuse_uri(const ngx_str_t& text) noexcept {
    const bool good = text.len != 0 && std::ranges::all_of(view(text), is_plain);
    return good ? nullptr : "write a URI";
}
TextCheck uri{refuse_uri};

const char* refuse_file(const ngx_str_t& text) noexcept {
    return text.len != 0 ? nullptr : "write the name of a file";
}
TextCheck file{refuse_file};
TextCheck tls_name{refuse_tls_name};
TextCheck tls_protocol{refuse_tls_protocol};

// -- directives that are more than a value -------------------------------------------------------

char* set_api(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    static_cast<LocConf*>(conf)->api_place = current_place(cf);
    return set_choice(cf, cmd, conf);
}

char* set_fallback(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    static_cast<LocConf*>(conf)->fallback_place = current_place(cf);
    return set_text(cf, cmd, conf);
}

char* set_profiles(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    static_cast<LocConf*>(conf)->am.profiles_place = current_place(cf);
    return set_choice(cf, cmd, conf);
}

char* set_password_file(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    static_cast<LocConf*>(conf)->redis_password_file_place = current_place(cf);
    return set_text(cf, cmd, conf);
}

char* set_sentinel_password_file(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    static_cast<LocConf*>(conf)->redis_sentinel_password_file_place = current_place(cf);
    return set_text(cf, cmd, conf);
}

char* set_user_file(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    static_cast<LocConf*>(conf)->oaa.user_file_place = current_place(cf);
    return set_text(cf, cmd, conf);
}

char* set_redis_url(ngx_conf_t* cf, ngx_command_t* cmd, ngx_str_t& url, ConfPlace& place) noexcept {
    if (url.data != nullptr) {
        static char duplicate[] = "is duplicate";
        return duplicate;
    }
    url = static_cast<const ngx_str_t*>(cf->args->elts)[1];
    place = current_place(cf);
    return guarded(static_cast<char*>(NGX_CONF_ERROR), [&]() -> char* {
        const auto parsed = redis::parse_url(view(url));
        if (const auto* error = std::get_if<redis::UrlError>(&parsed)) {
            // The URL itself may hold a password.
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\": %s", &cmd->name,
                               error->message.c_str());
            return static_cast<char*>(NGX_CONF_ERROR);
        }
        return NGX_CONF_OK;
    });
}

char* set_redis(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    auto& location = *static_cast<LocConf*>(conf);
    return set_redis_url(cf, cmd, location.redis, location.redis_place);
}

char* set_session_redis(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    FoundryConf& foundry = static_cast<LocConf*>(conf)->foundry;
    return set_redis_url(cf, cmd, foundry.session_redis, foundry.session_redis_place);
}

char* set_session_password_file(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    static_cast<LocConf*>(conf)->foundry.session_redis_password_file_place = current_place(cf);
    return set_text(cf, cmd, conf);
}

using Setter = char* (*)(ngx_conf_t*, ngx_command_t*, void*);

constexpr ngx_command_t directive(ngx_str_t name, ngx_uint_t contexts, Setter set,
                                  std::size_t offset = 0, void* post = nullptr) noexcept {
    return {name, contexts | NGX_CONF_TAKE1, set, NGX_HTTP_LOC_CONF_OFFSET, offset, post};
}

}  // namespace

// clang-format off
ngx_command_t directives[] = {
    directive(ngx_string("mfa_reset"), NGX_HTTP_LOC_CONF,
              set_api, offsetof(LocConf, api), &apis),

    directive(ngx_string("mfa_reset_fallback"), NGX_HTTP_LOC_CONF,
              set_fallback, offsetof(LocConf, fallback), &named_location),

    directive(ngx_string("mfa_reset_redis"), kEverywhere, set_redis),
    directive(ngx_string("mfa_reset_redis_password_file"), kEverywhere,
              set_password_file, offsetof(LocConf, redis_password_file), &file),
    directive(ngx_string("mfa_reset_redis_sentinel_user"), kEverywhere,
              set_text, offsetof(LocConf, redis_sentinel_user), &any_name),
    directive(ngx_string("mfa_reset_redis_sentinel_password_file"), kEverywhere,
              set_sentinel_password_file, offsetof(LocConf, redis_sentinel_password_file), &file),
    directive(ngx_string("mfa_reset_redis_connections"), kEverywhere,
              set_number, offsetof(LocConf, redis_connections), &connections),
    directive(ngx_string("mfa_reset_redis_connect_timeout"), kEverywhere,
              set_time, offsetof(LocConf, redis_connect_timeout), &wait),
    directive(ngx_string("mfa_reset_redis_timeout"), kEverywhere,
              set_time, offsetof(LocConf, redis_timeout), &wait),
    directive(ngx_string("mfa_reset_redis_max_pending"), kEverywhere,
              set_number, offsetof(LocConf, redis_max_pending), &max_pending),

    {ngx_string("mfa_reset_redis_wait"), kEverywhere | NGX_CONF_TAKE12,
     set_redis_wait, NGX_HTTP_LOC_CONF_OFFSET, offsetof(LocConf, redis_wait), nullptr},

    directive(ngx_string("mfa_reset_redis_ssl_trusted_certificate"), kEverywhere,
              set_text, offsetof(LocConf, redis_tls.trusted_certificate), &file),
    directive(ngx_string("mfa_reset_redis_ssl_certificate"), kEverywhere,
              set_tls_certificate, offsetof(LocConf, redis_tls.certificate), &file),
    directive(ngx_string("mfa_reset_redis_ssl_certificate_key"), kEverywhere,
              set_tls_certificate_key, offsetof(LocConf, redis_tls.certificate_key), &file),
    directive(ngx_string("mfa_reset_redis_ssl_name"), kEverywhere,
              set_text, offsetof(LocConf, redis_tls.name), &tls_name),
    {ngx_string("mfa_reset_redis_ssl_protocols"), kEverywhere | NGX_CONF_1MORE,
     set_texts, NGX_HTTP_LOC_CONF_OFFSET, offsetof(LocConf, redis_tls.protocols), &tls_protocol},
    {ngx_string("mfa_reset_redis_ssl_verify"), kEverywhere | NGX_CONF_FLAG,
     ngx_conf_set_flag_slot, NGX_HTTP_LOC_CONF_OFFSET, offsetof(LocConf, redis_tls.verify), nullptr},

    directive(ngx_string("mfa_reset_prefix"), kEverywhere,
              set_text, offsetof(LocConf, prefix), &prefix),
    directive(ngx_string("mfa_reset_events_length"), kEverywhere,
              set_number, offsetof(LocConf, events_length), &events_length),
    {ngx_string("mfa_reset_events_stream"), kEverywhere | NGX_CONF_TAKE12,
     set_events_stream, NGX_HTTP_LOC_CONF_OFFSET, offsetof(LocConf, events.stream), &events_stream},
    directive(ngx_string("mfa_reset_subject_case"), kEverywhere,
              set_choice, offsetof(LocConf, subject_case), &subject_cases),
    directive(ngx_string("mfa_reset_timeout"), kEverywhere,
              set_time, offsetof(LocConf, timeout), &wait),

    directive(ngx_string("mfa_reset_am_cookie"), kEverywhere,
              set_text, offsetof(LocConf, am.cookie), &cookie),
    directive(ngx_string("mfa_reset_am_default_version"), kEverywhere,
              set_choice, offsetof(LocConf, am.default_version), &default_versions),
    {ngx_string("mfa_reset_am_self"), kEverywhere | NGX_CONF_FLAG,
     ngx_conf_set_flag_slot, NGX_HTTP_LOC_CONF_OFFSET, offsetof(LocConf, am.self), nullptr},
    directive(ngx_string("mfa_reset_am_profiles"), kEverywhere,
              set_profiles, offsetof(LocConf, am.profiles), &profiles),
    directive(ngx_string("mfa_reset_am_session"), kEverywhere,
              set_text, offsetof(LocConf, am.session), &session),
    directive(ngx_string("mfa_reset_am_session_cache"), kEverywhere,
              set_time, offsetof(LocConf, am.session_cache), &session_cache),
    {ngx_string("mfa_reset_am_admin"), kEverywhere | NGX_CONF_TAKE123,
     set_am_admin, NGX_HTTP_LOC_CONF_OFFSET, 0, nullptr},
    {ngx_string("mfa_reset_am_realm"), kEverywhere | NGX_CONF_1MORE,
     set_am_realm, NGX_HTTP_LOC_CONF_OFFSET, 0, nullptr},

    directive(ngx_string("mfa_reset_oaa_user_file"), kEverywhere,
              set_user_file, offsetof(LocConf, oaa.user_file), &file),
    {ngx_string("mfa_reset_oaa_challenge_type"), kEverywhere | NGX_CONF_1MORE,
     set_challenge_types, NGX_HTTP_LOC_CONF_OFFSET, 0, nullptr},

    directive(ngx_string("mfa_reset_realm"), kEverywhere,
              set_text, offsetof(LocConf, foundry.realm), &realm),
    {ngx_string("mfa_reset_foundry_role"), kEverywhere | NGX_CONF_1MORE,
     set_texts, NGX_HTTP_LOC_CONF_OFFSET, offsetof(LocConf, foundry.roles), &any_name},
    directive(ngx_string("mfa_reset_foundry_global"), kEverywhere,
              set_text, offsetof(LocConf, foundry.global), &any_name),
    directive(ngx_string("mfa_reset_foundry_session_redis"), kEverywhere, set_session_redis),
    directive(ngx_string("mfa_reset_foundry_session_redis_password_file"), kEverywhere,
              set_session_password_file, offsetof(LocConf, foundry.session_redis_password_file), &file),
    directive(ngx_string("mfa_reset_foundry_organisation"), kEverywhere,
              set_text, offsetof(LocConf, foundry.organisation), &any_name),
    {ngx_string("mfa_reset_foundry_jwt_key"), kEverywhere | NGX_CONF_TAKE12,
     set_jwt_key, NGX_HTTP_LOC_CONF_OFFSET, 0, nullptr},
    {ngx_string("mfa_reset_foundry_jwt_audience"), kEverywhere | NGX_CONF_1MORE,
     set_texts, NGX_HTTP_LOC_CONF_OFFSET, offsetof(LocConf, foundry.jwt_audiences), &any_name},
    directive(ngx_string("mfa_reset_foundry_jwt_issuer"), kEverywhere,
              set_text, offsetof(LocConf, foundry.jwt_issuer), &any_name),
    {ngx_string("mfa_reset_foundry_caller_code"), kEverywhere | NGX_CONF_TAKE123,
     set_caller_code, NGX_HTTP_LOC_CONF_OFFSET, offsetof(LocConf, foundry.caller_code), &caller_codes},
    directive(ngx_string("mfa_reset_foundry_xml_namespace"), kEverywhere,
              set_text, offsetof(LocConf, foundry.xml_namespace), &uri),

    ngx_null_command,
};
// clang-format on

}  // namespace mfa_reset::nginx
