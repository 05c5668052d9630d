// Files that directives name: keys, passwords, users.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// Reads a file of at most `most` bytes; of a longer one `most` + 1 bytes, which shows that it is
/// too long. `name` ends with a NUL. nullopt: it cannot be read, see ngx_errno.
std::optional<std::string> read_small_file(const ngx_str_t& name, std::size_t most);

}  // namespace mfa_reset::nginx
