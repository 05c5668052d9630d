#include "auth/claims.hpp"

#include <array>
#include <charconv>

#include "format/json_tree.hpp"

namespace mfa_reset::auth {

std::optional<std::string_view> copy_scalar(const json_t* value, Memory& memory) {
    if (value == nullptr) {
        return std::nullopt;
    }
    switch (json_typeof(value)) {
        case JSON_STRING: return copy(format::json_view(value), memory);
        case JSON_TRUE: return "true";
        case JSON_FALSE: return "false";
        case JSON_INTEGER: {
            std::array<char, 24> digits{};
            const auto end = std::to_chars(digits.data(), digits.data() + digits.size(),
                                           json_integer_value(value))
                                 .ptr;
            return copy({digits.data(), static_cast<std::size_t>(end - digits.data())}, memory);
        }
        default: return std::nullopt;
    }
}

void add_texts(std::pmr::vector<std::string_view>& texts, const json_t* value, Memory& memory) {
    if (json_is_string(value)) {
        texts.push_back(copy(format::json_view(value), memory));
        return;
    }
    texts.reserve(texts.size() + json_array_size(value));
    for (std::size_t at = 0; at < json_array_size(value); ++at) {
        const json_t* const item = json_array_get(value, at);
        if (json_is_string(item)) {
            texts.push_back(copy(format::json_view(item), memory));
        }
    }
}

void add_details(Principal& principal, const json_t* object, Memory& memory) {
    principal.details.reserve(json_object_size(object));
    // jansson's iterators take a non-const object, but do not change it.
    auto* const members = const_cast<json_t*>(object);
    for (void* at = json_object_iter(members); at != nullptr;
         at = json_object_iter_next(members, at)) {
        const json_t* const value = json_object_iter_value(at);
        if (json_is_null(value)) {
            continue;
        }
        const std::string_view name = copy(json_object_iter_key(at), memory);
        if (const auto text = copy_scalar(value, memory)) {
            principal.details.push_back({name, *text});
        } else {
            principal.nested.push_back(name);
        }
    }
}

}  // namespace mfa_reset::auth
