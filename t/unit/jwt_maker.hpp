// Makes tokens for tests and the keys that sign them: valid and forged ones.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>
#include <string_view>

namespace mfa_reset::test {

inline std::string base64url(std::string_view bytes) {
    std::string text(bytes.size() / 3 * 4 + 5, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    text.resize(text.find_last_not_of('=') + 1);
    for (char& digit : text) {
        digit = digit == '+' ? '-' : digit == '/' ? '_' : digit;
    }
    return text;
}

inline std::string hmac(const EVP_MD* digest, std::string_view secret, std::string_view text) {
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(digest, secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash, &size);
    return {reinterpret_cast<const char*>(hash), size};
}

/// A key pair.
class KeyPair {
public:
    static KeyPair rsa(unsigned bits) { return KeyPair(EVP_RSA_gen(bits)); }
    static KeyPair ec() { return KeyPair(EVP_EC_gen("P-256")); }

    std::string public_pem() const {
        return written([this](BIO* out) { return PEM_write_bio_PUBKEY(out, key_.get()); });
    }
    std::string public_der() const {
        return written([this](BIO* out) { return i2d_PUBKEY_bio(out, key_.get()); });
    }
    std::string private_pem() const {
        return written([this](BIO* out) {
            return PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
    }
    std::string private_der() const {
        return written([this](BIO* out) { return i2d_PrivateKey_bio(out, key_.get()); });
    }

    std::string sign(const EVP_MD* digest, std::string_view text, bool pss = false) const {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                              &EVP_MD_CTX_free);
        EVP_PKEY_CTX* key = nullptr;
        EVP_DigestSignInit(context.get(), &key, digest, nullptr, key_.get());
        if (pss) {
            EVP_PKEY_CTX_set_rsa_padding(key, RSA_PKCS1_PSS_PADDING);
        }
        std::string signature(1024, '\0');
        std::size_t size = signature.size();
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size());
        signature.resize(size);
        return signature;
    }

private:
    explicit KeyPair(EVP_PKEY* key) : key_(key, &EVP_PKEY_free) {}

    template <class Write>
    static std::string written(Write write) {
        const std::unique_ptr<BIO, decltype(&BIO_vfree)> out(BIO_new(BIO_s_mem()), &BIO_vfree);
        write(out.get());
        char* bytes = nullptr;
        const long size = BIO_get_mem_data(out.get(), &bytes);
        return {bytes, static_cast<std::size_t>(size)};
    }

    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

/// `header.payload`, to be signed.
inline std::string unsigned_jwt(std::string_view header, std::string_view payload) {
    return base64url(header) + "." + base64url(payload);
}

inline std::string hs256_jwt(std::string_view secret, std::string_view header,
                             std::string_view payload) {
    const std::string text = unsigned_jwt(header, payload);
    return text + "." + base64url(hmac(EVP_sha256(), secret, text));
}

}  // namespace mfa_reset::test
