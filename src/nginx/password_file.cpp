// See password_file.hpp.
#include "nginx/password_file.hpp"

#include <algorithm>
#include <array>

namespace mfa_reset::nginx {

bool read_password(ngx_conf_t* cf, PasswordFile file, std::string& password) {
    if (ngx_conf_full_name(cf->cycle, &file.name, 1) != NGX_OK) {
        return false;
    }
    const ngx_fd_t fd = ngx_open_file(file.name.data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);
    std::array<char, 4096> bytes{};  // a password file is small; longer ones are none
    const ssize_t size = fd == NGX_INVALID_FILE ? -1 : ngx_read_fd(fd, bytes.data(), bytes.size());
    const ngx_err_t error = ngx_errno;
    if (fd != NGX_INVALID_FILE) {
        ngx_close_file(fd);
    }
    if (size < 0) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, error, "mfa_reset: cannot read %s \"%V\" in %V:%ui",
                      file.directive, &file.name, &file.place.file, file.place.line);
        return false;
    }
    password.assign(bytes.data(), static_cast<std::size_t>(size));
    password.erase(std::min(password.find_first_of("\r\n"), password.size()));
    if (password.empty() || static_cast<std::size_t>(size) == bytes.size()) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "mfa_reset: %s \"%V\" holds no password: write it into the first line in "
                      "%V:%ui",
                      file.directive, &file.name, &file.place.file, file.place.line);
        return false;
    }
    return true;
}

}  // namespace mfa_reset::nginx
