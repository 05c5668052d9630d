// The directives that all APIs share.
#pragma once

#include "nginx/conf/conf.hpp"

namespace mfa_reset::nginx {

/// The commands of the module itself.
ngx_command_t* shared_commands() noexcept;

void* create_loc_conf(ngx_conf_t* cf) noexcept;

}  // namespace mfa_reset::nginx
