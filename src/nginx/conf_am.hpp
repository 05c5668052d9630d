// The mfa_reset_am_* directives of a location.
#pragma once

#include "am/realms.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset {
class Api;
}

namespace mfa_reset::nginx {

struct LocConf;

/// Part of LocConf, and plain as that is.
struct AmConf {
    ngx_str_t cookie;
    ngx_uint_t default_version;
    ngx_flag_t self;
    am::Realms* realms;  // nullptr: none is listed on this level
};

/// Sets what zeros do not say.
void init(AmConf& conf) noexcept;
void merge(AmConf& conf, const AmConf& parent) noexcept;

/// What serves AM by `conf`, whose merge is done; owned by the configuration. nullptr: no memory.
const Api* make_am_api(ngx_conf_t* cf, const LocConf& conf) noexcept;

}  // namespace mfa_reset::nginx
