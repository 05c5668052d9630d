// The directive table.
#pragma once

#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// Ends with ngx_null_command. Not const, because nginx's module struct has it so.
extern ngx_command_t directives[];

}  // namespace mfa_reset::nginx
