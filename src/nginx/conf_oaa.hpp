// The mfa_reset_oaa_* directives of a location.
#pragma once

#include "nginx/conf_place.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset {
class Api;
}

namespace mfa_reset::nginx {

struct LocConf;

/// Part of LocConf, and plain as that is; zeros say that nothing was given.
struct OaaConf {
    ngx_str_t user_file;
    ConfPlace user_file_place;
    ngx_array_t* challenge_types;  // of ngx_str_t; nullptr: none beside OAA's own
};

void merge(OaaConf& conf, const OaaConf& parent) noexcept;

/// The setter of `mfa_reset_oaa_challenge_type`.
char* set_challenge_types(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept;

/// What serves OAA by `conf`, whose merge is done; owned by the configuration. Reads the user file.
/// nullptr: refused, and said so in the log, or no memory.
const Api* make_oaa_api(ngx_conf_t* cf, const LocConf& conf) noexcept;

}  // namespace mfa_reset::nginx
