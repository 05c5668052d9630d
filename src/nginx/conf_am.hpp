// The mfa_reset_am_* directives of a location.
#pragma once

#include <vector>

#include "am/api.hpp"
#include "am/realms.hpp"
#include "nginx/conf_place.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset {
class Api;
}

namespace mfa_reset::nginx {

struct LocConf;

/// How mfa_reset_am_session begins where AM is asked.
inline constexpr std::string_view kSubrequest = "subrequest=";

using AmAdministrators = std::vector<am::AdministratorSetting>;

/// Part of LocConf, and plain as that is.
struct AmConf {
    ngx_str_t cookie;
    ngx_uint_t default_version;
    ngx_flag_t self;
    am::Realms* realms;  // nullptr: none is listed on this level
    ngx_uint_t profiles;
    ConfPlace profiles_place;
    ngx_str_t session;  // `redis`, or kSubrequest and a URI
    ngx_msec_t session_cache;
    AmAdministrators* administrators;  // nullptr: none is named on this level
};

/// Sets what zeros do not say.
void init(AmConf& conf) noexcept;
void merge(AmConf& conf, const AmConf& parent) noexcept;

/// What serves AM by `conf`, whose merge is done; owned by the configuration. nullptr: refused, or
/// no memory.
const Api* make_am_api(ngx_conf_t* cf, const LocConf& conf) noexcept;

}  // namespace mfa_reset::nginx
