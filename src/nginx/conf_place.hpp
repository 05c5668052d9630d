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

/// `value`, or where the directive was not given the parent's, or `fallback`.
inline void inherit(ngx_str_t& value, const ngx_str_t& parent, std::string_view fallback) noexcept {
    if (value.data == nullptr) {
        value = parent.data != nullptr ? parent : str(fallback);
    }
}

/// The same of a value whose place is kept.
inline void inherit(ngx_str_t& value, ConfPlace& place, const ngx_str_t& parent,
                    const ConfPlace& parent_place) noexcept {
    if (value.data == nullptr) {
        value = parent;
        place = parent_place;
    }
}

/// Whether a level's `url` leads elsewhere than the outer one's: the outer level's secrets are
/// another server's then, and must not be sent to this one.
inline bool leads_elsewhere(const ngx_str_t& url, const ngx_str_t& parent) noexcept {
    return url.data != nullptr && parent.data != nullptr && view(url) != view(parent);
}

}  // namespace mfa_reset::nginx
