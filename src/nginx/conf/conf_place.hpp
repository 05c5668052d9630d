// Where a directive stands, for what can only be judged once all of them are known.
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

/// Logs a refusal of the configuration with the place of the directive that is to blame.
void refuse(ngx_conf_t* cf, const ConfPlace& place, std::string_view sentence) noexcept;

}  // namespace mfa_reset::nginx
