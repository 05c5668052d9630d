// The directive mfa_reset_am_admin.
#pragma once

#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// Adds one administrator to AmConf::administrators, which it makes in the configuration's pool
/// where the level has none yet.
char* set_am_admin(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept;

}  // namespace mfa_reset::nginx
