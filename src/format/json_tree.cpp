#include "format/json_tree.hpp"

#include <new>

#include "format/json_syntax.hpp"

namespace mfa_reset::format {

JsonTree parse_json(std::string_view text, std::size_t max_depth, JsonDuplicates duplicates) {
    if (find_too_deep(text, max_depth) != std::string_view::npos) {
        return nullptr;
    }
    const std::size_t flags =
        JSON_ALLOW_NUL | (duplicates == JsonDuplicates::refused ? JSON_REJECT_DUPLICATES : 0U);
    json_error_t error{};
    JsonTree tree(json_loadb(text.data(), text.size(), flags, &error));
    if (!tree && json_error_code(&error) == json_error_out_of_memory) {
        throw std::bad_alloc();
    }
    return tree;
}

}  // namespace mfa_reset::format
