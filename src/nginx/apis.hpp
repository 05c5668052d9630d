// The APIs of the module: src/apis.def as a table.
#pragma once

#include <span>

#include "nginx/api_module.hpp"

namespace mfa_reset::nginx {

std::span<const ApiModule* const> apis() noexcept;

}  // namespace mfa_reset::nginx
