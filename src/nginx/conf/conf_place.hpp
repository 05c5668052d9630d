// The place of a directive, for checks that come after it was read.
#pragma once

#include <string_view>

#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

struct ConfPlace {
    ngx_str_t file;
    ngx_uint_t line;
};

/// The place of the directive that is being read.
inline ConfPlace current_place(const ngx_conf_t* cf) noexcept {
    return {cf->conf_file->file.name, cf->conf_file->line};
}

/// Logs that the configuration is refused, with the place of the directive at fault.
void refuse(ngx_conf_t* cf, const ConfPlace& place, std::string_view sentence) noexcept;

}  // namespace mfa_reset::nginx
