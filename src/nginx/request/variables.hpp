// The $mfa_reset_* variables.
#pragma once

#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// Declares them; nginx's preconfiguration hook.
ngx_int_t add_variables(ngx_conf_t* cf) noexcept;

}  // namespace mfa_reset::nginx
