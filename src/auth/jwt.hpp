// JSON Web Tokens (RFC 7519) that are signed (JWS compact serialization, RFC 7515) with the one
// algorithm that is configured.
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

/// By its name in the header `alg`, `HS256`; exact.
std::optional<JwtAlgorithm> parse_jwt_algorithm(std::string_view name) noexcept;
std::string_view to_string(JwtAlgorithm algorithm) noexcept;

/// Longer tokens are refused unread.
inline constexpr std::size_t kMaxJwt = 16UL * 1024;

/// Whether `text` has a token's form: three parts between dots. Others (JWE, API keys) do not.
bool is_jwt(std::string_view text) noexcept;

/// A key that verifies, with the algorithm that it is for. Made when the configuration is loaded;
/// nothing in it changes afterwards, so every request uses the same.
class JwtKey {
public:
    JwtAlgorithm algorithm() const noexcept { return algorithm_; }

    /// Whether `signature` is this key's over `text`. HMACs are compared in constant time. Throws
    /// std::bad_alloc.
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
    Mac mac_;  ///< of HS*: keyed; copied for each signature
    PublicKey public_key_;
    Digest digest_;
};

/// The key in a key file's `bytes`, or why it cannot be used with the algorithm: a sentence without
/// a capital or a full stop, and without anything of the key.
///
/// HS*: the bytes are the secret, at least as long as the hash (RFC 7518, 3.2). One line end after
/// a secret of printable characters is the editor's, and left out. What is plainly a public or
/// private key is refused: whoever knows the public one could sign.
/// RS*: a public key in PEM (`BEGIN PUBLIC KEY`), RSA, at least 2048 bits (RFC 7518, 3.3).
std::variant<JwtKey, std::string> make_jwt_key(std::string_view bytes, JwtAlgorithm algorithm);

/// What a token must say. Empty: not looked at.
struct JwtRules {
    std::vector<std::string> audiences;  ///< `aud` holds one of these
    std::string issuer;                  ///< `iss` is this
};

struct JwtResult {
    enum class Outcome : std::uint8_t {
        ok,
        refused,  ///< malformed, another algorithm or key, not for us, not yet: not a token of ours
        expired,  ///< as good as `ok`, but too late
    };
    Outcome outcome = Outcome::refused;
    std::string_view why;  ///< of a refusal, for the log: a literal, nothing of the token
    /// Of `ok`: whose it is. `id` is the part of `sub` (text or integer) after the last `|`;
    /// `roles` are those of `roles`, `role` and the role claim of ASP.NET Identity, `permissions`
    /// those of `perms`, `perm` and `permission`, each a list or a single text. All views live as
    /// long as the memory that the token was read into.
    std::optional<Principal> principal;
};

/// Verifies a token at the time `now`, seconds since the epoch. Refused is everything but: three
/// parts in base64url without padding; a header whose `alg` is the key's, whose `typ` is not `JWTR`
/// (ServiceStack's refresh token), and without `crit`; the key's signature; an `exp` in the future,
/// `nbf` not in the future, `aud` and `iss` as the rules say; a `sub`.
JwtResult verify_jwt(std::string_view token, const JwtKey& key, const JwtRules& rules,
                     std::int64_t now, Memory& memory);

}  // namespace mfa_reset::auth
