// SHA-1 and SHA-256 as bytes, by OpenSSL.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <span>
#include <string_view>

namespace mfa_reset::auth {

/// Holds either digest. SHA-1 fills the first 20 bytes; the rest are zero.
using Digest = std::array<unsigned char, 32>;

inline constexpr std::size_t kSha1Bytes = 20;

/// Keeps OpenSSL's algorithms and context: to fetch them costs more than a short digest. Not
/// thread-safe.
class Digests {
public:
    Digests();

    /// The digest of the concatenated parts.
    Digest sha1(std::span<const std::string_view> parts) const { return digest(*sha1_, parts); }
    Digest sha256(std::string_view text) const { return digest(*sha256_, {&text, 1}); }

private:
    struct Free {
        void operator()(EVP_MD* md) const noexcept { EVP_MD_free(md); }
        void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    };
    Digest digest(const EVP_MD& algorithm, std::span<const std::string_view> parts) const;

    std::unique_ptr<EVP_MD, Free> sha1_;
    std::unique_ptr<EVP_MD, Free> sha256_;
    std::unique_ptr<EVP_MD_CTX, Free> context_;
};

}  // namespace mfa_reset::auth
