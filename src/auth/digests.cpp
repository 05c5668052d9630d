#include "auth/digests.hpp"

#include <new>

namespace mfa_reset::auth {

Digests::Digests()
    : sha1_(EVP_MD_fetch(nullptr, "SHA1", nullptr)),
      sha256_(EVP_MD_fetch(nullptr, "SHA256", nullptr)),
      context_(EVP_MD_CTX_new()) {
    if (!sha1_ || !sha256_ || !context_) {
        throw std::bad_alloc();
    }
}

Digest Digests::digest(const EVP_MD& algorithm, std::span<const std::string_view> parts) const {
    Digest result{};
    bool good = EVP_DigestInit_ex2(context_.get(), &algorithm, nullptr) == 1;
    for (const std::string_view part : parts) {
        good = good && EVP_DigestUpdate(context_.get(), part.data(), part.size()) == 1;
    }
    if (!good || EVP_DigestFinal_ex(context_.get(), result.data(), nullptr) != 1) {
        throw std::bad_alloc();
    }
    return result;
}

}  // namespace mfa_reset::auth
