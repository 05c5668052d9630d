// JSON Web Tokens: which are accepted, and their claims.
#include <gtest/gtest.h>
#include <openssl/err.h>

#include <random>

#include "auth/jwt.hpp"
#include "fakes.hpp"
#include "jansson_allocations.hpp"
#include "jwt_maker.hpp"

namespace mfa_reset::auth {
namespace {

using namespace std::string_literals;

constexpr std::int64_t kNow = 1795379600;
constexpr std::string_view kHeader = R"({"typ":"JWT","alg":"HS256"})";
constexpr std::string_view kPayload =
    R"({"sub":1,"iat":1795379552,"exp":1796589152,"email":"alice@example.com","name":"Alice",)"
    R"("preferred_username":"alice","roles":["Admin"],"perms":["reset2fa"]})";
const std::string kSecret = "0123456789abcdef0123456789abcdef";

const JwtKey& key() {
    static const auto made = make_jwt_key(kSecret, JwtAlgorithm::HS256);
    return std::get<JwtKey>(made);
}

/// A token verified, with the memory that its claims are in.
class Verified {
public:
    explicit Verified(std::string_view token, const JwtRules& rules = {}, std::int64_t now = kNow,
                      const JwtKey& with = key())
        : result_(verify_jwt(std::string(token), with, rules, now, memory_)) {
        EXPECT_EQ(ERR_peek_error(), 0U);
        EXPECT_EQ(result_.principal.has_value(), result_.outcome == JwtResult::Outcome::ok);
        EXPECT_EQ(result_.why.empty(), result_.outcome == JwtResult::Outcome::ok);
    }
    /// `ok`, `expired`, or why it is refused.
    std::string outcome() const {
        switch (result_.outcome) {
            case JwtResult::Outcome::ok: return "ok";
            case JwtResult::Outcome::expired: return "expired";
            default: return std::string(result_.why);
        }
    }
    const Principal& principal() const { return result_.principal.value(); }

private:
    test::RequestMemory memory_;
    JwtResult result_;
};

std::string signed_payload(std::string_view payload) {
    return test::hs256_jwt(kSecret, kHeader, payload);
}

std::string outcome_of_payload(std::string_view payload, const JwtRules& rules = {}) {
    return Verified(signed_payload(payload), rules).outcome();
}

std::string outcome_of_header(std::string_view header) {
    return Verified(test::hs256_jwt(kSecret, header, kPayload)).outcome();
}

const char* const kNoToken = "the token is not one";
const char* const kBadHeader = "the token's header cannot be read";
const char* const kOtherAlgorithm = "the token has another algorithm than the configured one";
const char* const kBadSignature = "the token's signature is wrong";
const char* const kBadPayload = "the token's payload cannot be read";
const char* const kNoExpiry = "the token does not say when it expires";
const char* const kTooEarly = "the token is not valid yet";
const char* const kOtherAudience = "the token is for another audience";
const char* const kOtherIssuer = "the token is of another issuer";
const char* const kNobody = "the token does not say whose it is";

TEST(AuthJwt, AcceptsTheContractsExample) {
    const Verified verified(signed_payload(kPayload));
    ASSERT_EQ(verified.outcome(), "ok");
    EXPECT_EQ(verified.principal().id, "1");
    EXPECT_EQ(verified.principal().find_text("preferred_username"), "alice");
    EXPECT_TRUE(verified.principal().has_role("Admin"));
    EXPECT_FALSE(verified.principal().has_role("admin"));
    EXPECT_FALSE(verified.principal().has_role("reset2fa"));
    EXPECT_TRUE(verified.principal().has_permission("reset2fa"));
    EXPECT_FALSE(verified.principal().has_permission("Admin"));
    EXPECT_EQ(verified.principal().find_text("EMAIL"), "alice@example.com");
    EXPECT_EQ(verified.principal().find_text("iat"), "1795379552");
    EXPECT_EQ(verified.principal().find_text("organisationId"), std::nullopt);
}

TEST(AuthJwt, FindsTheCaller) {
    struct Case {
        std::string_view sub;
        std::string_view id;
    };
    const Case cases[] = {
        {R"("u-42")", "u-42"},
        {R"("auth0|u-42")", "u-42"},
        {R"("a|b|c d")", "c d"},
        {"0", "0"},
        {"-7", "-7"},
        {"9223372036854775807", "9223372036854775807"},
        {R"("1.5")", "1.5"},
    };
    for (const auto& [sub, id] : cases) {
        const Verified verified(signed_payload(R"({"exp":1796589152,"sub":)"s.append(sub) + "}"));
        ASSERT_EQ(verified.outcome(), "ok") << sub;
        EXPECT_EQ(verified.principal().id, id);
    }
    for (const auto* const sub :
         {"\"\"", "\"u-42|\"", "null", "true", "1.5", "[]", "[\"u-42\"]", "{}"}) {
        EXPECT_EQ(outcome_of_payload(R"({"exp":1796589152,"sub":)"s + sub + "}"), kNobody) << sub;
    }
    EXPECT_EQ(outcome_of_payload(R"({"exp":1796589152})"), kNobody);
    EXPECT_EQ(outcome_of_payload(R"({"exp":1796589152,"Sub":"u-42"})"), kNobody);
}

TEST(AuthJwt, RolesAndPermissionsAreMerged) {
    const Verified verified(signed_payload(
        R"({"sub":"u","exp":1796589152,"roles":["A","B",7,null,["C"]],"role":"D","perms":"p",)"
        R"("permission":["q","r"],"organisationId":"org-7","nothing":null,"list":["x"],"half":0.5})"));
    ASSERT_EQ(verified.outcome(), "ok");
    const auto& principal = verified.principal();
    EXPECT_EQ(std::vector(principal.roles.begin(), principal.roles.end()),
              (std::vector<std::string_view>{"A", "B", "D"}));
    EXPECT_EQ(std::vector(principal.permissions.begin(), principal.permissions.end()),
              (std::vector<std::string_view>{"p", "q", "r"}));
    EXPECT_EQ(principal.find_text("OrganisationID"), "org-7");
    EXPECT_EQ(principal.find_text("nothing"), std::nullopt);
    EXPECT_FALSE(principal.is_nested("nothing"));
    EXPECT_FALSE(principal.is_nested("organisationId"));
    EXPECT_EQ(principal.find_text("list"), std::nullopt);
    EXPECT_TRUE(principal.is_nested("LIST"));
    EXPECT_TRUE(principal.is_nested("half"));
    EXPECT_FALSE(principal.is_nested("absent"));
}

TEST(AuthJwt, TheClaimsOfTodaysTokens) {
    const Verified verified(signed_payload(
        R"({"sub":"u","exp":1796589152,"perm":["p","q"],)"
        R"("http://schemas.microsoft.com/ws/2008/06/identity/claims/role":["A","B"]})"));
    ASSERT_EQ(verified.outcome(), "ok");
    EXPECT_TRUE(verified.principal().has_role("A") && verified.principal().has_role("B"));
    EXPECT_TRUE(verified.principal().has_permission("p") &&
                verified.principal().has_permission("q"));
    const Verified single(
        signed_payload(R"({"sub":"u","exp":1796589152,"perm":"p",)"
                       R"("http://schemas.microsoft.com/ws/2008/06/identity/claims/role":"A"})"));
    ASSERT_EQ(single.outcome(), "ok");
    EXPECT_TRUE(single.principal().has_role("A") && single.principal().has_permission("p"));
    EXPECT_FALSE(single.principal().has_role("p") || single.principal().has_permission("A"));
}

TEST(AuthJwt, TheFormOfAToken) {
    for (const std::string_view token : {"a.b.c", "a.b.", ".."}) {
        EXPECT_TRUE(is_jwt(token)) << token;
    }
    for (const std::string_view text : {"", ".", "a", "a.b", "a.b.c.d", "a.b.c.d.e", "ak-1234"}) {
        EXPECT_FALSE(is_jwt(text)) << text;
    }
}

TEST(AuthJwt, OnlyTheConfiguredAlgorithm) {
    const std::string text = test::unsigned_jwt(R"({"typ":"JWT","alg":"none"})", kPayload);
    EXPECT_EQ(Verified(text + ".").outcome(), kOtherAlgorithm);
    EXPECT_EQ(outcome_of_header(R"({"typ":"JWT","alg":"none"})"), kOtherAlgorithm);
    for (const auto* const header :
         {R"({"alg":"None"})", R"({"alg":"hs256"})", R"({"alg":"HS384"})", R"({"alg":"RS256"})",
          R"({"alg":""})", R"({"alg":null})", R"({"alg":["HS256"]})", R"({"typ":"JWT"})",
          R"({"Alg":"HS256"})", R"({"alg":"HS256\u0000"})", "{}"}) {
        EXPECT_EQ(outcome_of_header(header), kOtherAlgorithm) << header;
    }
    const std::string signed_text = test::unsigned_jwt(R"({"typ":"JWT","alg":"HS512"})", kPayload);
    EXPECT_EQ(Verified(signed_text + "." +
                       test::base64url(test::hmac(EVP_sha512(), kSecret, signed_text)))
                  .outcome(),
              kOtherAlgorithm);
    EXPECT_EQ(outcome_of_header(R"({"alg":"HS256"})"), "ok");
}

TEST(AuthJwt, APublicKeyIsNoHmacSecret) {
    const auto pair = test::KeyPair::rsa(2048);
    const std::string pem = pair.public_pem();
    const auto made = make_jwt_key(pem, JwtAlgorithm::RS256);
    const JwtKey& public_key = std::get<JwtKey>(made);
    EXPECT_EQ(Verified(test::hs256_jwt(pem, kHeader, kPayload), {}, kNow, public_key).outcome(),
              kOtherAlgorithm);
    constexpr std::string_view kRsaHeader = R"({"alg":"RS256"})";
    EXPECT_EQ(Verified(test::hs256_jwt(pem, kRsaHeader, kPayload), {}, kNow, public_key).outcome(),
              kBadSignature);
    const std::string text = test::unsigned_jwt(kRsaHeader, kPayload);
    const std::string token = text + "." + test::base64url(pair.sign(EVP_sha256(), text));
    EXPECT_EQ(Verified(token, {}, kNow, public_key).outcome(), "ok");
    EXPECT_EQ(Verified(token).outcome(), kOtherAlgorithm);
}

TEST(AuthJwt, Header) {
    EXPECT_EQ(outcome_of_header(R"({"alg":"HS256","typ":"at+jwt","kid":"a","x":{"y":[1]}})"), "ok");
    for (const auto* const header :
         {R"({"alg":"HS256","typ":"JWTR"})", R"({"alg":"HS256","typ":"jwtr"})"}) {
        EXPECT_EQ(outcome_of_header(header), "the token is a refresh token");
    }
    for (const auto* const header :
         {R"({"alg":"HS256","crit":["exp"]})", R"({"alg":"HS256","crit":[]})",
          R"({"alg":"HS256","crit":null})", R"({"alg":"HS256","crit":["b64"],"b64":false})"}) {
        EXPECT_EQ(outcome_of_header(header), "the token asks for an extension that is not known");
    }
    for (const auto* const header :
         {"", "[]", "\"HS256\"", R"({"alg":"HS256")", R"({"alg":"HS256"}x)",
          R"({"alg":"none","alg":"HS256"})", R"({"alg":"HS256","typ":7})",
          R"({"alg":"HS256","typ":null})", R"({"alg":"HS256","x":[[[[[[[[[]]]]]]]]]})",
          "{\"alg\":\"HS256\",\"x\":\"\xFF\"}", "\xEF\xBB\xBF{\"alg\":\"HS256\"}"}) {
        EXPECT_EQ(outcome_of_header(header), kBadHeader) << header;
    }
}

TEST(AuthJwt, Times) {
    const auto outcome = [](const std::string& claims) {
        return outcome_of_payload(R"({"sub":"u",)" + claims + "}");
    };
    const std::string now = std::to_string(kNow);
    EXPECT_EQ(outcome("\"exp\":" + std::to_string(kNow + 1)), "ok");
    EXPECT_EQ(outcome("\"exp\":" + now + ".5"), "ok");
    EXPECT_EQ(outcome("\"exp\":1e300"), "ok");
    EXPECT_EQ(outcome("\"exp\":" + now), "expired");
    for (const auto* const exp : {"1795379599", "0", "-1", "-1e300", "1.5"}) {
        EXPECT_EQ(outcome("\"exp\":"s + exp), "expired") << exp;
    }
    for (const auto* const exp : {"null", "\"1796589152\"", "true", "[1796589152]", "{}"}) {
        EXPECT_EQ(outcome("\"exp\":"s + exp), kNoExpiry) << exp;
    }
    EXPECT_EQ(outcome(R"("Exp":1796589152)"), kNoExpiry);
    EXPECT_EQ(outcome("\"exp\":1796589152,\"nbf\":" + now), "ok");
    EXPECT_EQ(outcome("\"exp\":1796589152,\"nbf\":0"), "ok");
    for (const std::string& nbf :
         {std::to_string(kNow + 1), now + ".5", "null"s, "\"0\""s, "[]"s}) {
        EXPECT_EQ(outcome("\"exp\":1796589152,\"nbf\":" + nbf), kTooEarly) << nbf;
    }
    // A token is expired only if it would have been accepted before.
    EXPECT_EQ(outcome_of_payload(R"({"sub":"u","exp":5})", {{}, "me"}), kOtherIssuer);
    EXPECT_EQ(outcome_of_payload(R"({"exp":5})"), kNobody);
    const std::string expired = signed_payload(R"({"sub":"u","exp":5})");
    EXPECT_EQ(Verified(expired.substr(0, expired.size() - 2) + "AA").outcome(), kBadSignature);
}

TEST(AuthJwt, AudienceAndIssuer) {
    const auto outcome = [](const std::string& claims, const JwtRules& rules) {
        return outcome_of_payload(R"({"sub":"u","exp":1796589152)" + claims + "}", rules);
    };
    const JwtRules audiences{{"a", "b"}, ""};
    const JwtRules issuer{{}, "me"};
    EXPECT_EQ(outcome("", {}), "ok");
    EXPECT_EQ(outcome(R"(,"aud":"c","iss":7)", {}), "ok");
    EXPECT_EQ(outcome(R"(,"aud":"b")", audiences), "ok");
    EXPECT_EQ(outcome(R"(,"aud":["c",1,"a"])", audiences), "ok");
    for (const auto* const aud :
         {"", R"(,"aud":"c")", R"(,"aud":"")", R"(,"aud":"A")", R"(,"aud":[])", R"(,"aud":["ab"])",
          R"(,"aud":[["a"]])", R"(,"aud":{"a":"a"})", R"(,"aud":null)", R"(,"Aud":"a")",
          R"(,"aud":"a\u0000")"}) {
        EXPECT_EQ(outcome(aud, audiences), kOtherAudience) << aud;
    }
    EXPECT_EQ(outcome(R"(,"iss":"me")", issuer), "ok");
    for (const auto* const iss : {"", R"(,"iss":"Me")", R"(,"iss":"")", R"(,"iss":["me"])",
                                  R"(,"iss":"me\u0000")", R"(,"iss":"me2")"}) {
        EXPECT_EQ(outcome(iss, issuer), kOtherIssuer) << iss;
    }
}

TEST(AuthJwt, Payload) {
    for (const std::string& payload :
         {""s, "[]"s, "7"s, R"({"sub":"u","exp":1796589152)"s, R"({"sub":"u","exp":1796589152}{})"s,
          R"({"sub":"u","sub":"v","exp":1796589152})"s, "{\"sub\":\"\xFF\",\"exp\":1796589152}"s,
          R"({"sub":"u","exp":1796589152,"x":)"s + std::string(40, '[') + std::string(40, ']') +
              "}"}) {
        EXPECT_EQ(outcome_of_payload(payload), kBadPayload) << payload;
    }
}

TEST(AuthJwt, RefusesOtherSpellings) {
    const std::string token = signed_payload(kPayload);
    const std::size_t first = token.find('.');
    const std::size_t second = token.rfind('.');
    for (const std::string& text :
         {""s, "."s, ".."s + ".", "a"s, token.substr(0, second), token + ".", token + ".x",
          "." + token, token.substr(first + 1)}) {
        EXPECT_EQ(Verified(text).outcome(), kNoToken) << text;
    }
    EXPECT_EQ(Verified("..").outcome(), kBadHeader);
    EXPECT_EQ(Verified(token.substr(0, second + 1)).outcome(), kBadSignature);
    // Padding, line ends, base64's own alphabet, and unused bits that are not zero.
    for (const char* const tail : {"=", "==", "\n", " ", "A", "%3D"}) {
        EXPECT_EQ(Verified(token + tail).outcome(), kBadSignature) << tail;
    }
    EXPECT_EQ(Verified(" " + token).outcome(), kBadHeader);
    std::string respelled = token;
    std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    respelled.back() = alphabet[alphabet.find(respelled.back()) ^ 1U];
    EXPECT_EQ(Verified(respelled).outcome(), kBadSignature);
    // A payload in padded base64, signed as it is.
    const std::string padded = test::base64url(kHeader) + "." + test::base64url("{\"a\":1} ") + "=";
    EXPECT_EQ(Verified(padded + "." + test::base64url(test::hmac(EVP_sha256(), kSecret, padded)))
                  .outcome(),
              kBadPayload);
}

TEST(AuthJwt, SizeIsBounded) {
    const auto sized = [](std::size_t filler) {
        return signed_payload(R"({"sub":"u","exp":1796589152,"x":")" + std::string(filler, 'x') +
                              "\"}");
    };
    std::size_t filler = 0;
    while (sized(filler + 1).size() <= kMaxJwt) {
        filler += filler < 12000 ? 1000 : 1;
    }
    EXPECT_EQ(Verified(sized(filler)).outcome(), "ok");
    EXPECT_EQ(Verified(sized(filler + 1)).outcome(), kNoToken);
    EXPECT_EQ(Verified(std::string(1000000, 'A')).outcome(), kNoToken);
}

TEST(AuthJwt, EveryByteCounts) {
    const std::string token = signed_payload(kPayload);
    for (std::size_t at = 0; at < token.size(); ++at) {
        EXPECT_NE(Verified(token.substr(0, at)).outcome(), "ok") << at;
        std::string altered = token;
        for (const char byte : {'\0', 'A', '.', '=', '\xFF', static_cast<char>(token[at] ^ 1)}) {
            altered[at] = byte;
            if (byte != token[at]) {
                EXPECT_NE(Verified(altered).outcome(), "ok") << at;
            }
        }
    }
}

TEST(AuthJwt, SignedNonsenseIsRefused) {
    std::mt19937 random(7519);
    constexpr std::string_view kAlphabet = "{}[]\",:\\u0e1.-n \xC3";
    for (int round = 0; round < 5000; ++round) {
        std::string payload(kPayload);
        for (int edits = 0; edits < 4; ++edits) {
            payload[random() % payload.size()] = kAlphabet[random() % kAlphabet.size()];
        }
        const Verified verified(signed_payload(payload));
        if (verified.outcome() == "ok") {
            EXPECT_FALSE(verified.principal().id.empty());
        }
    }
}

TEST(AuthJwt, OutOfMemoryThrowsBadAlloc) {
    const std::string token = signed_payload(kPayload);
    bool failed = true;
    for (std::size_t pieces = 0; failed; ++pieces) {
        test::RequestMemory memory;
        memory.fail_after(pieces);
        failed = false;
        try {
            EXPECT_EQ(verify_jwt(token, key(), {}, kNow, memory).outcome, JwtResult::Outcome::ok);
        } catch (const std::bad_alloc&) {
            failed = true;
        }
        ASSERT_LT(pieces, 100U);
        EXPECT_TRUE(failed || pieces > 3);
    }
}

TEST(AuthJwt, ReadsTheHeaderWithoutATree) {
    std::string many;
    for (int count = 0; count < 4000; ++count) {
        many += "{},";
    }
    const test::JanssonAllocations allocations;
    const std::string header = R"({"alg":"HS256","x":[)" + many + "0]}";
    EXPECT_EQ(
        Verified(test::hs256_jwt("another secret, as long as it", header, kPayload)).outcome(),
        "the token's signature is wrong");
    EXPECT_EQ(Verified(test::hs256_jwt(kSecret, header.substr(1), kPayload)).outcome(),
              "the token's header cannot be read");
    EXPECT_EQ(allocations.count(), 0U);
}

TEST(AuthJwt, LimitsTheMembersOfAHeader) {
    const auto outcome = [](int others) {
        std::string header = R"({"alg":"HS256")";
        for (int count = 0; count < others; ++count) {
            header += ",\"x" + std::to_string(count) + "\":0";
        }
        return Verified(test::hs256_jwt(kSecret, header + "}", kPayload)).outcome();
    };
    EXPECT_EQ(outcome(31), "ok");
    EXPECT_EQ(outcome(32), "the token's header cannot be read");
}

}  // namespace
}  // namespace mfa_reset::auth
