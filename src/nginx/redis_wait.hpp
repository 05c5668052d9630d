// The directive mfa_reset_redis_wait.
#pragma once

#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// `off`, or a number of replicas with or without `timeout=`.
char* set_redis_wait(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept;

}  // namespace mfa_reset::nginx
