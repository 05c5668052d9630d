// Signed JSON Web Tokens (RFC 7519; JWS compact serialization, RFC 7515), of the one configured
// algorithm.
#pragma once

#include <openssl/evp.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "auth/principal.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::auth {

/// RFC 7518, 3.2 and 3.3.
enum class JwtAlgorithm : std::uint8_t { HS256, HS384, HS512, RS256, RS384, RS512 };

/// By its name in the header `alg`, `HS256`, case-sensitive.
std::optional<JwtAlgorithm> parse_jwt_algorithm(std::string_view name) noexcept;
std::string_view to_string(JwtAlgorithm algorithm) noexcept;

/// Longer tokens are refused unread.
inline constexpr std::size_t kMaxJwt = 16UL * 1024;

/// Whether `text` has the form of a token: three parts between dots. A JWE or an API key does not.
bool is_jwt(std::string_view text) noexcept;

/// A key that verifies signatures, with its algorithm. Immutable: made when the configuration is
/// loaded, and shared by all requests.
class JwtKey {
public:
    JwtAlgorithm algorithm() const noexcept { return algorithm_; }

    /// Whether `signature` is the signature of `text` by this key. Compares HMACs in constant time.
    bool verify(std::string_view text, std::string_view signature) const;

private:
    friend std::variant<JwtKey, std::string> make_jwt_key(std::string_view bytes,
                                                          JwtAlgorithm algorithm);
    struct Free {
        void operator()(EVP_MAC_CTX* mac) const noexcept { EVP_MAC_CTX_free(mac); }
        void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
        void operator()(EVP_MD* digest) const noexcept { EVP_MD_free(digest); }
    };
    using Mac = std::unique_ptr<EVP_MAC_CTX, Free>;
    using PublicKey = std::unique_ptr<EVP_PKEY, Free>;
    using Digest = std::unique_ptr<EVP_MD, Free>;

    static std::variant<JwtKey, std::string> make_hmac(std::string_view bytes,
                                                       JwtAlgorithm algorithm);
    static std::variant<JwtKey, std::string> make_rsa(std::string_view bytes,
                                                      JwtAlgorithm algorithm);
    bool verify_hmac(std::string_view text, std::string_view signature) const;
    bool verify_rsa(std::string_view text, std::string_view signature) const;

    JwtKey(JwtAlgorithm algorithm, Mac mac) noexcept;
    JwtKey(JwtAlgorithm algorithm, PublicKey key, Digest digest) noexcept;

    JwtAlgorithm algorithm_;
    Mac mac_;  ///< of HS*: has the key; copied for each signature
    PublicKey public_key_;
    Digest digest_;
};

/// Reads the `bytes` of a key file. Returns the key, or why it cannot be used with the algorithm: a
/// sentence without a capital, a full stop, or any part of the key.
///
/// HS*: the bytes are the secret, at least as long as the hash (RFC 7518, 3.2). One line end after
/// a secret of printable characters is removed: editors add it. A public or private key is refused:
/// a secret that is public lets anyone sign. RS*: a public key in PEM (`BEGIN PUBLIC KEY`), RSA, at
/// least 2048 bits (RFC 7518, 3.3).
std::variant<JwtKey, std::string> make_jwt_key(std::string_view bytes, JwtAlgorithm algorithm);

/// What a token must claim. Empty: not checked.
struct JwtRules {
    std::vector<std::string> audiences;  ///< `aud` holds one of these
    std::string issuer;                  ///< `iss` is this
};

struct JwtResult {
    enum class Outcome : std::uint8_t {
        ok,
        refused,  ///< malformed, another algorithm or key, another audience or issuer, not valid
                  ///< yet
        expired,  ///< valid, but for its `exp`
    };
    Outcome outcome = Outcome::refused;
    std::string_view why;  ///< of a refusal, for the log: a literal, no part of the token
    /// Of `ok`: the caller. `id` is the part of `sub` (text or integer) after the last `|`; `roles`
    /// are those of `roles`, `role` and the role claim of ASP.NET Identity, `permissions` those of
    /// `perms`, `perm` and `permission`, each a list or a single text.
    std::optional<Principal> principal;
};

/// Verifies a token at the time `now`, in seconds since the epoch. A valid token has three parts in
/// base64url without padding; a header whose `alg` is the key's, whose `typ` is not `JWTR` (a
/// refresh token), and without `crit`; a signature by the key; an `exp` in the future; an `nbf`
/// that is not in the future, if any; `aud` and `iss` by the rules; a `sub`.
JwtResult verify_jwt(std::string_view token, const JwtKey& key, const JwtRules& rules,
                     std::int64_t now, Memory& memory);

}  // namespace mfa_reset::auth
