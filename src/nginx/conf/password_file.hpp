// A password in a file, so that the configuration does not have it.
#pragma once

#include <string>
#include <string_view>

#include "nginx/conf/conf_place.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// A directive that names such a file, and where it stands.
struct PasswordFile {
    std::string directive;
    std::string_view name;  ///< as written; empty: the directive is not there
    ConfPlace place;
};

/// Reads the first line of the file. False: refused, and said so. Throws std::bad_alloc.
bool read_password(ngx_conf_t* cf, const PasswordFile& file, std::string& password);

}  // namespace mfa_reset::nginx
