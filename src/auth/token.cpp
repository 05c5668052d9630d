#include "auth/token.hpp"

#include <algorithm>
#include <array>

namespace mfa_reset::auth {

namespace {

constexpr std::array<bool, 256> make_token_characters() noexcept {
    constexpr std::string_view kCharacters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._*@#+/=%-";
    std::array<bool, 256> table{};
    for (const char character : kCharacters) {
        table[static_cast<unsigned char>(character)] = true;
    }
    return table;
}

constexpr auto kTokenCharacters = make_token_characters();

}  // namespace

bool is_token(std::string_view text) noexcept {
    return !text.empty() && text.size() <= kMaxToken &&
           std::all_of(text.begin(), text.end(), [](char character) {
               return kTokenCharacters[static_cast<unsigned char>(character)];
           });
}

}  // namespace mfa_reset::auth
