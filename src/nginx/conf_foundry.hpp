// The mfa_reset_foundry_* directives of a location, and mfa_reset_realm.
#pragma once

#include "nginx/conf_place.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset {
class Api;
namespace auth {
class JwtKey;
}
}  // namespace mfa_reset

namespace mfa_reset::nginx {

struct LocConf;

/// Part of LocConf, and plain as that is.
struct FoundryConf {
    ngx_str_t realm;
    ngx_array_t* roles;  // of ngx_str_t; nullptr: none
    ngx_str_t global;
    ngx_str_t organisation;
    const auth::JwtKey* jwt_key;  // owned by the configuration; nullptr: none
    ngx_array_t* jwt_audiences;   // as roles
    ngx_str_t jwt_issuer;
    ngx_uint_t caller_code;  // foundry::CallerCode; the two below come with it
    ngx_int_t attempts;
    ngx_msec_t lock;
    ngx_str_t xml_namespace;
    ngx_str_t session_redis;  // a null string: the sessions are in mfa_reset_redis
    ConfPlace session_redis_place;
    ngx_str_t session_redis_password_file;
    ConfPlace session_redis_password_file_place;
};

/// Sets what zeros do not say.
void init(FoundryConf& conf) noexcept;
void merge(FoundryConf& conf, const FoundryConf& parent) noexcept;

/// What serves Foundry by `conf`, whose merge is done; owned by the configuration. nullptr: no
/// memory.
const Api* make_foundry_api(ngx_conf_t* cf, const LocConf& conf) noexcept;

/// `mfa_reset_foundry_jwt_key FILE [alg=NAME]`: reads the key, and refuses what is none.
char* set_jwt_key(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept;

/// `mfa_reset_foundry_caller_code CHOICE [attempts=N] [lock=T]`: the choice as set_choice does.
char* set_caller_code(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept;

}  // namespace mfa_reset::nginx
