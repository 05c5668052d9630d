// See sha256.hpp.
#include "auth/sha256.hpp"

#include <new>

#include "format/hex.hpp"

namespace mfa_reset::auth {

Sha256::Sha256()
    : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
    if (!algorithm_ || !context_) {
        throw std::bad_alloc();
    }
}

Sha256::Hex Sha256::hex(std::string_view text) {
    std::array<unsigned char, 32> digest{};
    if (EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) != 1 ||
        EVP_DigestUpdate(context_.get(), text.data(), text.size()) != 1 ||
        EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) != 1) {
        throw std::bad_alloc();
    }
    Hex result{};
    format::to_hex(digest, result.data());
    return result;
}

}  // namespace mfa_reset::auth
