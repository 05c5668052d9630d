// A URI that an API asks by subrequests: whether the server has a location that can answer it.
#pragma once

#include <string>

#include "nginx/conf/conf_place.hpp"
#include "nginx/conf/warnings.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

struct SubrequestTarget {
    std::string directive;  ///< that names the URI
    ConfPlace place;
    std::string uri;
    const ngx_http_core_srv_conf_t* server;
    ngx_msec_t timeout;  ///< mfa_reset_timeout of the location that asks
};

/// To be called in postconfiguration. `ours` is the handler of locations that answer no
/// subrequests.
void judge(ngx_conf_t* cf, const SubrequestTarget& target, ngx_http_handler_pt ours,
           Warnings& warnings);

}  // namespace mfa_reset::nginx
