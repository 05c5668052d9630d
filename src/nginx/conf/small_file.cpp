#include "nginx/conf/small_file.hpp"

namespace mfa_reset::nginx {

std::optional<std::string> read_small_file(const ngx_str_t& name, std::size_t most) {
    std::string text(most + 1, '\0');
    const ngx_fd_t fd = ngx_open_file(name.data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);
    if (fd == NGX_INVALID_FILE) {
        return std::nullopt;
    }
    std::size_t size = 0;
    ssize_t got = 1;
    while (got > 0 && size < text.size()) {
        got = ngx_read_fd(fd, text.data() + size, text.size() - size);
        size += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    const ngx_err_t error = ngx_errno;
    ngx_close_file(fd);
    if (got < 0) {
        ngx_set_errno(error);
        return std::nullopt;
    }
    text.resize(size);
    return text;
}

}  // namespace mfa_reset::nginx
