// Which location of a server answers a URI: nginx's own search (ngx_http_core_find_location), which
// needs a request, for when the configuration is loaded.
#pragma once

#include <string_view>

#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// nullptr: none. To be called when nginx has arranged the locations, as in postconfiguration.
const ngx_http_core_loc_conf_t* find_location(const ngx_http_core_srv_conf_t& server,
                                              std::string_view uri) noexcept;

}  // namespace mfa_reset::nginx
