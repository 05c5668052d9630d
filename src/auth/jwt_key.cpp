// Keys of JSON Web Tokens: key files and signatures. This uses OpenSSL directly: libjwt parses the
// key for every token, reads base64 leniently, and leaves audience, times and types of tokens to
// its caller.
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <climits>
#include <new>

#include "auth/jwt.hpp"
#include "auth/openssl_errors.hpp"
#include "format/utf8.hpp"

namespace mfa_reset::auth {

namespace {

constexpr int kMinRsaBits = 2048;   // RFC 7518, 3.3
constexpr int kMaxRsaBits = 16384;  // OpenSSL does not verify with longer keys

struct Traits {
    std::string_view name;
    const char* digest;
    std::size_t hash_size;
    bool hmac;
};

constexpr std::array<Traits, 6> kTraits{{{"HS256", "SHA256", 32, true},
                                         {"HS384", "SHA384", 48, true},
                                         {"HS512", "SHA512", 64, true},
                                         {"RS256", "SHA256", 32, false},
                                         {"RS384", "SHA384", 48, false},
                                         {"RS512", "SHA512", 64, false}}};

const Traits& traits_of(JwtAlgorithm algorithm) noexcept {
    return kTraits[static_cast<std::size_t>(algorithm)];
}

template <class T, void (*release)(T*)>
struct Release {
    void operator()(T* object) const noexcept { release(object); }
};
template <class T, void (*release)(T*)>
using Owner = std::unique_ptr<T, Release<T, release>>;

const unsigned char* bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

template <class T>
T require(T done) {
    if (!done) {
        throw std::bad_alloc();
    }
    return done;
}

bool contains(std::string_view text, std::string_view part) noexcept {
    return text.find(part) != std::string_view::npos;
}

/// Whether `bytes` is exactly one DER structure that `decode` knows.
template <auto decode, auto release>
bool is_der(std::string_view bytes) noexcept {
    const unsigned char* at = bytes_of(bytes);
    auto* const decoded = decode(nullptr, &at, static_cast<long>(bytes.size()));
    if (decoded == nullptr) {
        return false;
    }
    release(decoded);
    return at == bytes_of(bytes) + bytes.size();
}

/// In PEM, DER, OpenSSH's or JOSE's form, or PEM without its first and last line.
bool is_asymmetric_key(std::string_view bytes) noexcept {
    constexpr std::string_view kBase64OfRsaPublic = "ANBgkqhkiG9w0BAQEF";
    constexpr std::string_view kBase64OfRsaPrivate = "MA0GCSqGSIb3DQEBAQUA";
    return contains(bytes, "-----BEGIN ") || bytes.starts_with("ssh-") ||
           bytes.starts_with("ecdsa-sha2-") || contains(bytes, "\"kty\"") ||
           contains(bytes, kBase64OfRsaPublic) || contains(bytes, kBase64OfRsaPrivate) ||
           is_der<&d2i_PUBKEY, &EVP_PKEY_free>(bytes) || is_der<&d2i_X509, &X509_free>(bytes) ||
           is_der<&d2i_AutoPrivateKey, &EVP_PKEY_free>(bytes);
}

/// Removes the line end that editors and shells add, and the byte order mark that some editors add.
/// Only for text: a binary secret may begin or end with these bytes.
std::string_view text_of_secret(std::string_view bytes) noexcept {
    std::string_view text = format::without_byte_order_mark(bytes);
    text.remove_suffix(text.ends_with("\r\n") ? 2 : text.ends_with('\n') ? 1 : 0);
    const bool printable =
        std::all_of(text.begin(), text.end(), [](char byte) { return byte >= ' ' && byte <= '~'; });
    return printable ? text : bytes;
}

std::string at_least(std::string_view what, std::size_t wanted, std::string_view unit,
                     std::string_view algorithm, std::size_t found) {
    std::string reason(what);
    reason.append(" is too short: ").append(algorithm).append(" needs at least ");
    reason.append(std::to_string(wanted)).append(unit).append(", and it has ");
    return reason.append(std::to_string(found));
}

/// Why the key is refused; empty: it is accepted.
std::string refusal_of(EVP_PKEY* key, std::string_view algorithm) {
    if (EVP_PKEY_is_a(key, "RSA") != 1) {
        return "the public key is not an RSA key";
    }
    const int bits = EVP_PKEY_get_bits(key);
    if (bits < kMinRsaBits) {
        return at_least("the public key", kMinRsaBits, " bits", algorithm,
                        static_cast<std::size_t>(std::max(bits, 0)));
    }
    const Owner<EVP_PKEY_CTX, &EVP_PKEY_CTX_free> check(
        require(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)));
    if (bits > kMaxRsaBits || EVP_PKEY_public_check(check.get()) != 1) {
        return "the public key is not one that can be used";
    }
    return {};
}

/// A public key is not encrypted; without this OpenSSL would ask the terminal.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

}  // namespace

std::optional<JwtAlgorithm> parse_jwt_algorithm(std::string_view name) noexcept {
    for (std::size_t at = 0; at < kTraits.size(); ++at) {
        if (kTraits[at].name == name) {
            return static_cast<JwtAlgorithm>(at);
        }
    }
    return std::nullopt;
}

std::string_view to_string(JwtAlgorithm algorithm) noexcept { return traits_of(algorithm).name; }

JwtKey::JwtKey(JwtAlgorithm algorithm, Mac mac) noexcept
    : algorithm_(algorithm), mac_(std::move(mac)) {}

JwtKey::JwtKey(JwtAlgorithm algorithm, PublicKey key, Digest digest) noexcept
    : algorithm_(algorithm), public_key_(std::move(key)), digest_(std::move(digest)) {}

std::variant<JwtKey, std::string> JwtKey::make_hmac(std::string_view bytes,
                                                    JwtAlgorithm algorithm) {
    const Traits& traits = traits_of(algorithm);
    if (is_asymmetric_key(bytes)) {
        return std::string(traits.name) + " needs a secret, and this is a key of a key pair";
    }
    const std::string_view secret = text_of_secret(bytes);
    if (secret.size() < traits.hash_size) {
        return at_least("the secret", traits.hash_size, " bytes", traits.name, secret.size());
    }
    const Owner<EVP_MAC, &EVP_MAC_free> hmac(
        require(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr)));
    Mac mac(require(EVP_MAC_CTX_new(hmac.get())));
    const std::array<OSSL_PARAM, 2> parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(traits.digest),
                                         0),
        OSSL_PARAM_construct_end()};
    require(EVP_MAC_init(mac.get(), bytes_of(secret), secret.size(), parameters.data()) == 1);
    return JwtKey(algorithm, std::move(mac));
}

std::variant<JwtKey, std::string> JwtKey::make_rsa(std::string_view bytes, JwtAlgorithm algorithm) {
    const Traits& traits = traits_of(algorithm);
    bytes = format::without_byte_order_mark(bytes);
    if (contains(bytes, "PRIVATE KEY-----")) {
        return "this is a private key: only the public one belongs here";
    }
    const std::size_t begin = bytes.find("-----BEGIN ");
    if (begin == std::string_view::npos || bytes.size() > INT_MAX) {
        return std::string(traits.name) + " needs a public key in PEM (BEGIN PUBLIC KEY)";
    }
    if (contains(bytes.substr(begin + 1), "-----BEGIN ")) {
        return "there is more than one key";
    }
    const Owner<BIO, &BIO_vfree> source(
        require(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))));
    PublicKey key(PEM_read_bio_PUBKEY(source.get(), nullptr, &no_password, nullptr));
    if (!key) {
        return std::string(traits.name) + " needs a public key in PEM (BEGIN PUBLIC KEY)";
    }
    if (std::string reason = refusal_of(key.get(), traits.name); !reason.empty()) {
        return reason;
    }
    Digest digest(require(EVP_MD_fetch(nullptr, traits.digest, nullptr)));
    return JwtKey(algorithm, std::move(key), std::move(digest));
}

std::variant<JwtKey, std::string> make_jwt_key(std::string_view bytes, JwtAlgorithm algorithm) {
    const OpenSslErrors errors;
    return traits_of(algorithm).hmac ? JwtKey::make_hmac(bytes, algorithm)
                                     : JwtKey::make_rsa(bytes, algorithm);
}

bool JwtKey::verify(std::string_view text, std::string_view signature) const {
    const OpenSslErrors errors;
    return mac_ ? verify_hmac(text, signature) : verify_rsa(text, signature);
}

bool JwtKey::verify_hmac(std::string_view text, std::string_view signature) const {
    const Mac mac(require(EVP_MAC_CTX_dup(mac_.get())));
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    std::size_t size = 0;
    require(EVP_MAC_update(mac.get(), bytes_of(text), text.size()) == 1 &&
            EVP_MAC_final(mac.get(), hash.data(), &size, hash.size()) == 1);
    return signature.size() == size && CRYPTO_memcmp(hash.data(), signature.data(), size) == 0;
}

bool JwtKey::verify_rsa(std::string_view text, std::string_view signature) const {
    const Owner<EVP_MD_CTX, &EVP_MD_CTX_free> context(require(EVP_MD_CTX_new()));
    require(EVP_DigestVerifyInit(context.get(), nullptr, digest_.get(), nullptr,
                                 public_key_.get()) == 1);
    return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text),
                            text.size()) == 1;
}

}  // namespace mfa_reset::auth
