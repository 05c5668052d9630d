#include "nginx/conf/password_file.hpp"

#include <string_view>

#include "format/utf8.hpp"
#include "nginx/conf/small_file.hpp"

namespace mfa_reset::nginx {

bool read_password(ngx_conf_t* cf, const PasswordFile& file, std::string& password) {
    const ngx_str_t directive = str(file.directive);
    ngx_str_t name = str(file.name);
    if (ngx_conf_full_name(cf->cycle, &name, 1) != NGX_OK) {
        return false;
    }
    constexpr std::size_t kMost = 4095;  // a longer file is no password file
    const auto text = read_small_file(name, kMost);
    if (!text) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno,
                      "mfa_reset: cannot read %V \"%V\" in %V:%ui", &directive, &name,
                      &file.place.file, file.place.line);
        return false;
    }
    const std::string_view line = format::without_byte_order_mark(*text);
    password = line.substr(0, line.find_first_of("\r\n"));
    if (password.empty() || text->size() > kMost) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "mfa_reset: %V \"%V\" holds no password: write it into the first line in "
                      "%V:%ui",
                      &directive, &name, &file.place.file, file.place.line);
        return false;
    }
    return true;
}

}  // namespace mfa_reset::nginx
