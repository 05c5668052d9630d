// Keys for JSON Web Tokens: which are refused when the configuration is loaded, and which
// signatures they verify.
#include <gtest/gtest.h>
#include <openssl/err.h>

#include "auth/base64.hpp"
#include "auth/jwt.hpp"
#include "fakes.hpp"
#include "jwt_maker.hpp"

namespace mfa_reset::auth {
namespace {

using enum JwtAlgorithm;

const test::KeyPair& pair() {
    static const test::KeyPair pair = test::KeyPair::rsa(2048);
    return pair;
}

/// Why the key is refused; empty: it is accepted.
std::string refusal(std::string_view bytes, JwtAlgorithm algorithm) {
    const auto made = make_jwt_key(bytes, algorithm);
    EXPECT_EQ(ERR_peek_error(), 0U);
    const auto* const reason = std::get_if<std::string>(&made);
    return reason == nullptr ? "" : *reason;
}

bool verifies(std::string_view key, JwtAlgorithm algorithm, std::string_view text,
              std::string_view signature) {
    const auto made = make_jwt_key(key, algorithm);
    const bool right = std::get<JwtKey>(made).verify(text, signature);
    EXPECT_EQ(ERR_peek_error(), 0U);
    return right;
}

TEST(AuthJwtKey, AlgorithmsByName) {
    for (const JwtAlgorithm algorithm : {HS256, HS384, HS512, RS256, RS384, RS512}) {
        EXPECT_EQ(parse_jwt_algorithm(to_string(algorithm)), algorithm);
    }
    EXPECT_EQ(to_string(RS384), "RS384");
    for (const auto* const name :
         {"", "none", "hs256", "HS256 ", "ES256", "PS256", "HS1", "RSA256"}) {
        EXPECT_EQ(parse_jwt_algorithm(name), std::nullopt) << name;
    }
}

TEST(AuthJwtKey, SecretsAreAsLongAsTheHash) {
    struct Case {
        JwtAlgorithm algorithm;
        std::size_t size;
    };
    for (const auto& [algorithm, size] : {Case{HS256, 32}, Case{HS384, 48}, Case{HS512, 64}}) {
        EXPECT_EQ(refusal(std::string(size, 's'), algorithm), "");
        EXPECT_EQ(refusal(std::string(size + 100, '\xFF'), algorithm), "");
        EXPECT_NE(refusal(std::string(size - 1, 's'), algorithm), "");
        EXPECT_NE(refusal("", algorithm), "");
    }
    EXPECT_EQ(refusal(std::string(31, 's'), HS256),
              "the secret is too short: HS256 needs at least 32 bytes, and it has 31");
}

TEST(AuthJwtKey, RemovesOneLineEndAfterATextSecret) {
    const std::string text(32, 's');
    const std::string of_text = test::hmac(EVP_sha256(), text, "x");
    EXPECT_TRUE(verifies(text, HS256, "x", of_text));
    EXPECT_TRUE(verifies(text + "\n", HS256, "x", of_text));
    EXPECT_TRUE(verifies(text + "\r\n", HS256, "x", of_text));
    EXPECT_FALSE(verifies(text + "\n\n", HS256, "x", of_text));
    EXPECT_FALSE(verifies(text + " ", HS256, "x", of_text));
    EXPECT_NE(refusal(std::string(31, 's') + "\n", HS256), "");
    EXPECT_TRUE(verifies("\xEF\xBB\xBF" + text + "\r\n", HS256, "x", of_text)) << "nor a mark";
    EXPECT_NE(refusal("\xEF\xBB\xBF" + std::string(31, 's'), HS256), "");

    const std::string binary = std::string(31, '\x80') + "\n";
    EXPECT_TRUE(verifies(binary, HS256, "x", test::hmac(EVP_sha256(), binary, "x")));
    const std::string marked = "\xEF\xBB\xBF" + std::string(29, '\x80');
    EXPECT_TRUE(verifies(marked, HS256, "x", test::hmac(EVP_sha256(), marked, "x")));
    const std::string nul(40, '\0');
    EXPECT_TRUE(verifies(nul, HS256, "x", test::hmac(EVP_sha256(), nul, "x")));
}

TEST(AuthJwtKey, RefusesKeysOfPairsAsSecrets) {
    const std::string wanted = "HS256 needs a secret, and this is a key of a key pair";
    const auto ec = test::KeyPair::ec();
    const std::string public_pem = pair().public_pem();
    const std::string private_pem = pair().private_pem();
    const auto body = [](const std::string& pem) {
        const std::size_t begin = pem.find('\n') + 1;
        return pem.substr(begin, pem.find("-----END") - begin);
    };
    for (const std::string& key :
         {public_pem, "\n \xEF\xBB\xBF" + public_pem, private_pem, pair().public_der(),
          pair().private_der(), ec.public_pem(), ec.public_der(), ec.private_der(),
          body(public_pem), body(private_pem),
          std::string("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 someone@example.com"),
          std::string(R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx"})"),
          std::string("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")}) {
        EXPECT_EQ(refusal(key, HS256), wanted) << key;
    }
    // The algorithm is part of the refusal, and only PEM is PEM.
    EXPECT_TRUE(refusal(public_pem, HS512).starts_with("HS512 "));
    EXPECT_EQ(refusal(std::string(40, '-'), HS256), "");
}

TEST(AuthJwtKey, PublicKeysAreRsaAndLongEnough) {
    const std::string none = "RS256 needs a public key in PEM (BEGIN PUBLIC KEY)";
    EXPECT_EQ(refusal(pair().public_pem(), RS256), "");
    EXPECT_EQ(refusal("# the issuer's\n" + pair().public_pem(), RS512), "");
    EXPECT_EQ(refusal("\xEF\xBB\xBF" + pair().public_pem(), RS512), "");
    EXPECT_EQ(refusal(test::KeyPair::rsa(1024).public_pem(), RS256),
              "the public key is too short: RS256 needs at least 2048 bits, and it has 1024");
    EXPECT_EQ(refusal(test::KeyPair::ec().public_pem(), RS256), "the public key is not an RSA key");
    EXPECT_EQ(refusal(pair().private_pem(), RS256),
              "this is a private key: only the public one belongs here");
    EXPECT_EQ(refusal(pair().public_pem() + pair().public_pem(), RS256),
              "there is more than one key");
    EXPECT_EQ(refusal(std::string(64, 's'), RS256), none);
    EXPECT_EQ(refusal(pair().public_der(), RS256), none);
    EXPECT_EQ(refusal("", RS256), none);
    const std::string pem = pair().public_pem();
    for (std::size_t size = 0; size < pem.size() - 1; size += 7) {
        EXPECT_EQ(refusal(pem.substr(0, size), RS256), none) << size;
    }
    std::string encrypted = pem;
    encrypted.insert(encrypted.find('\n') + 1,
                     "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,"
                     "00112233445566778899AABBCCDDEEFF\n\n");
    EXPECT_EQ(refusal(encrypted, RS256), none);
}

TEST(AuthJwtKey, VerifiesTheExampleOfRfc7515) {
    test::RequestMemory memory;  // A.1
    const auto secret = decode_base64url(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
        memory);
    const auto signature = decode_base64url("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", memory);
    EXPECT_TRUE(verifies(*secret, HS256,
                         "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEz"
                         "MDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
                         *signature));
}

TEST(AuthJwtKey, VerifiesItsOwnHashOnly) {
    const std::string secret(64, 's');
    const EVP_MD* const digests[] = {EVP_sha256(), EVP_sha384(), EVP_sha512()};
    const JwtAlgorithm hmacs[] = {HS256, HS384, HS512};
    const JwtAlgorithm rsas[] = {RS256, RS384, RS512};
    for (std::size_t at = 0; at < 3; ++at) {
        for (std::size_t other = 0; other < 3; ++other) {
            EXPECT_EQ(
                verifies(secret, hmacs[at], "text", test::hmac(digests[other], secret, "text")),
                at == other);
            EXPECT_EQ(verifies(pair().public_pem(), rsas[at], "text",
                               pair().sign(digests[other], "text")),
                      at == other);
        }
        EXPECT_FALSE(verifies(pair().public_pem(), rsas[at], "text",
                              pair().sign(digests[at], "text", true)));
    }
}

TEST(AuthJwtKey, RefusesEverySignatureThatIsAlteredOrCut) {
    const std::string secret(32, 's');
    const auto check = [](std::string_view key, JwtAlgorithm algorithm, std::string signature) {
        EXPECT_TRUE(verifies(key, algorithm, "text", signature));
        EXPECT_FALSE(verifies(key, algorithm, "texT", signature));
        EXPECT_FALSE(verifies(key, algorithm, "", signature));
        EXPECT_FALSE(verifies(key, algorithm, "text", ""));
        EXPECT_FALSE(verifies(key, algorithm, "text", signature + std::string(1, '\0')));
        EXPECT_FALSE(verifies(key, algorithm, "text", std::string(64UL * 1024, 'x')));
        for (std::size_t at = 0; at < signature.size(); ++at) {
            EXPECT_FALSE(verifies(key, algorithm, "text", signature.substr(0, at)));
            signature[at] = static_cast<char>(signature[at] ^ 1);
            EXPECT_FALSE(verifies(key, algorithm, "text", signature));
            signature[at] = static_cast<char>(signature[at] ^ 1);
        }
    };
    check(secret, HS256, test::hmac(EVP_sha256(), secret, "text"));
    check(pair().public_pem(), RS256, pair().sign(EVP_sha256(), "text"));
}

TEST(AuthJwtKey, KeepsEarlierErrorsInTheQueue) {
    ERR_raise(ERR_LIB_USER, 7);
    EXPECT_NE(std::get_if<std::string>([] {
                  static const auto made = make_jwt_key("-----BEGIN PUBLIC KEY-----", RS256);
                  return &made;
              }()),
              nullptr);
    EXPECT_EQ(ERR_GET_REASON(ERR_get_error()), 7);
    EXPECT_EQ(ERR_get_error(), 0U);
}

}  // namespace
}  // namespace mfa_reset::auth
