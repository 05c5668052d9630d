// A password in a file instead of the configuration.
#pragma once

#include <string>
#include <string_view>

#include "nginx/conf/conf_place.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// A directive that names such a file.
struct PasswordFile {
    std::string directive;
    std::string_view name;  ///< as written; empty: not given
    ConfPlace place;
};

/// Reads the first line of the file. False: refused and logged.
bool read_password(ngx_conf_t* cf, const PasswordFile& file, std::string& password);

}  // namespace mfa_reset::nginx
