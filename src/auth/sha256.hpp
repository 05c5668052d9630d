// SHA-256 as lower-case hex: keys hold it instead of the token.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <string_view>

namespace mfa_reset::auth {

/// Keeps OpenSSL's algorithm and context: to fetch them costs more than a short digest. Not
/// thread-safe.
class Sha256 {
public:
    using Hex = std::array<char, 64>;

    Sha256();

    Hex hex(std::string_view text);

private:
    struct Free {
        void operator()(EVP_MD* md) const noexcept { EVP_MD_free(md); }
        void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    };
    std::unique_ptr<EVP_MD, Free> algorithm_;
    std::unique_ptr<EVP_MD_CTX, Free> context_;
};

}  // namespace mfa_reset::auth
