// Files that directives name: keys, passwords, users.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// The whole of a file of at most `most` bytes, or one byte more of a longer one. `name` ends with
/// a NUL. Nothing: it cannot be read, and ngx_errno says why. Throws std::bad_alloc.
std::optional<std::string> read_small_file(const ngx_str_t& name, std::size_t most);

}  // namespace mfa_reset::nginx
