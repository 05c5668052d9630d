// Basic credentials: the header, the file of users, and whether they match.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>

#include "auth/base64.hpp"
#include "auth/basic.hpp"
#include "auth/basic_users.hpp"
#include "pool_like_memory.hpp"

namespace mfa_reset::auth {
namespace {

using test::PoolLikeMemory;

std::string encode(std::string_view text) {
    std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

// ---- base64

/// The text, or `-` if it is refused.
std::string decoded(std::string_view text) {
    std::string out(base64_room(text), '\0');
    const auto size =
        decode_base64(text, {reinterpret_cast<unsigned char*>(out.data()), out.size()});
    out.resize(size.value_or(0));
    return size ? out : "-";
}

TEST(Base64, Rfc4648) {
    const std::pair<const char*, const char*> table[] = {
        {"", ""},
        {"Zg==", "f"},
        {"Zm8=", "fo"},
        {"Zm9v", "foo"},
        {"Zm9vYg==", "foob"},
        {"Zm9vYmE=", "fooba"},
        {"Zm9vYmFy", "foobar"},
        {"++//", "\xFB\xEF\xFF"},
    };
    for (const auto& [text, expected] : table) {
        EXPECT_EQ(decoded(text), expected) << text;
    }
}

TEST(Base64, RefusesWhatNoEncoderWrites) {
    for (const std::string_view text :
         {"Z",     "Zg",   "Zg=",  "Zm8",      "=",          "==",     "====",
          "Z===",  "Zh==", "Zm9=", "Zg==Zg==", "Zm 9",       "Zm9v\n", " Zm9v",
          "Zm9v ", "Zm-_", "Z=g=", "Zm9vZ",    "Zm\xC3\xA4", "Zm9v=",  "Zg== "}) {
        EXPECT_EQ(decoded(text), "-") << text;
    }
    EXPECT_EQ(decoded(std::string_view("Zm9\0", 4)), "-");
}

// ---- the header

/// `name|key`, or `-` if there are no credentials.
std::string parsed(std::string_view header) {
    PoolLikeMemory memory;
    const auto credentials = parse_basic(header, memory);
    return credentials ? std::string{credentials->name} + "|" + std::string{credentials->key} : "-";
}

TEST(Basic, Credentials) {
    EXPECT_EQ(parsed("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), "Aladdin|open sesame");
    EXPECT_EQ(parsed("basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), "Aladdin|open sesame");
    EXPECT_EQ(parsed("BASIC   QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), "Aladdin|open sesame");
    EXPECT_EQ(parsed("Basic " + encode("test:123\xC2\xA3")), "test|123\xC2\xA3");
    EXPECT_EQ(parsed("Basic " + encode("J\xC3\xBCrgen:k:e:y:")), "J\xC3\xBCrgen|k:e:y:");
    EXPECT_EQ(parsed("Basic " + encode("a: ")), "a| ");
    EXPECT_EQ(parsed("Basic " + encode("a:\xFF")), "a|\xFF");
}

TEST(Basic, NoCredentials) {
    const std::string table[] = {
        "",
        "Basic",
        "Basic ",
        "Basic    ",
        "Basic\t" + encode("a:b"),
        "Basi " + encode("a:b"),
        "Basic" + encode("a:b"),
        "Bearer " + encode("a:b"),
        "Digest username=\"a\"",
        encode("a:b"),
        " Basic " + encode("a:b"),
        "Basic " + encode("a:b") + " ",
        "Basic " + encode("a:b") + "," + encode("a:b"),
        "Basic a:b",
        "Basic YTpi!",
        "Basic YTp",
        "Basic YTpiYw",
        "Basic " + encode("ab"),
        "Basic " + encode(":"),
        "Basic " + encode(":b"),
        "Basic " + encode("a:"),
        "Basic " + encode("a\n:b"),
        "Basic " + encode("a:b\r\nX: y"),
        "Basic " + encode(std::string_view("a:b\0", 4)),
        "Basic " + encode("a:b\x7F"),
    };
    for (const std::string& header : table) {
        EXPECT_EQ(parsed(header), "-") << header;
    }
}

TEST(Basic, Long) {
    const std::string longest = "a:" + std::string(766, 'k');
    ASSERT_EQ(encode(longest).size(), kMaxBasic);
    EXPECT_EQ(parsed("Basic " + encode(longest)), "a|" + std::string(766, 'k'));
    PoolLikeMemory memory;
    EXPECT_FALSE(parse_basic("Basic " + encode(longest + "k"), memory));
    EXPECT_FALSE(parse_basic("Basic " + encode(std::string(100'000, 'k')), memory));
    EXPECT_EQ(memory.pieces(), 0U) << "what is too long is not decoded";
}

// ---- the file

BasicUsers users_of(std::string_view text) {
    auto read = BasicUsers::read(text);
    if (const auto* error = std::get_if<UserFileError>(&read)) {
        ADD_FAILURE() << "line " << error->line << ": " << error->sentence;
        return users_of("nobody:{PLAIN}x");
    }
    return std::get<BasicUsers>(std::move(read));
}

/// The user whose credentials these are, or `-`.
std::string_view found(const BasicUsers& users, std::string_view name, std::string_view key) {
    return users.find({name, key}).value_or("-");
}

constexpr std::string_view kFile =
    "# service credentials\n"
    "\n"
    "sha256:{SHA256}K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=\n"
    "sha:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n"
    "ssha:{SSHA}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0\r\n"
    "plain:{PLAIN}secret\n"
    "J\xC3\xBCrgen:{PLAIN}k:\xC3\xA9:y\n"
    "last:{PLAIN}other";

TEST(BasicUsers, EachKindOfHash) {
    const BasicUsers users = users_of(kFile);
    for (const std::string_view name : {"sha256", "sha", "ssha", "plain"}) {
        EXPECT_EQ(found(users, name, "secret"), name);
        EXPECT_EQ(found(users, name, "Secret"), "-");
        EXPECT_EQ(found(users, name, "secret "), "-");
        EXPECT_EQ(found(users, name, "secretsalt"), "-");
        EXPECT_EQ(found(users, name, ""), "-");
        EXPECT_EQ(found(users, name, "other"), "-") << "another one's key";
        EXPECT_EQ(found(users, std::string{name} + "x", "secret"), "-");
    }
    EXPECT_EQ(found(users, "J\xC3\xBCrgen", "k:\xC3\xA9:y"), "J\xC3\xBCrgen");
    EXPECT_EQ(found(users, "last", "other"), "last");
    EXPECT_EQ(found(users, "", "secret"), "-");
    EXPECT_EQ(found(users, "SHA256", "secret"), "-") << "names have a case";
    EXPECT_EQ(found(users, "# service credentials", "secret"), "-");
    EXPECT_EQ(found(users, "nobody", "secret"), "-");
    EXPECT_EQ(found(users, "plain", std::string(100'000, 's')), "-");
}

TEST(BasicUsers, SkipsAByteOrderMark) {
    const BasicUsers users = users_of("\xEF\xBB\xBFplain:{PLAIN}secret\nother:{PLAIN}secret\n");
    EXPECT_EQ(found(users, "plain", "secret"), "plain");
    EXPECT_EQ(found(users, "\xEF\xBB\xBFplain", "secret"), "-");
    EXPECT_EQ(found(users_of("\xEF\xBB\xBF# ours\na:{PLAIN}b"), "a", "b"), "a");
}

/// `line: sentence` of the refusal.
std::string refusal(std::string_view text) {
    const auto read = BasicUsers::read(text);
    const auto* error = std::get_if<UserFileError>(&read);
    return error == nullptr ? "taken" : std::to_string(error->line) + ": " + error->sentence;
}

TEST(BasicUsers, FilesThatAreRefused) {
    constexpr auto kNone = "there is no user: let scripts/oaa-user make a line, and add it";
    constexpr auto kColon = "there is no colon: write name:hash";
    constexpr auto kName =
        "the name is none: write 1 to 128 bytes of UTF-8 without control characters";
    constexpr auto kKind =
        "the hash is of no known kind: write {SHA256}, {SSHA}, {SHA} or {PLAIN} before it";
    constexpr auto kSha256 = "the hash is none: write {SHA256} and 32 bytes in base64";
    constexpr auto kSha = "the hash is none: write {SHA} and 20 bytes in base64";
    constexpr auto kSsha =
        "the hash is none: write {SSHA} and, in base64, 20 bytes and a salt of 1 to 64";
    constexpr auto kPlain = "the key is none: write 1 to 512 bytes without control characters";
    const struct {
        std::string text;
        std::string refused;
    } table[] = {
        {"", std::string("1: ") + kNone},
        {"# nobody\n\n", std::string("2: ") + kNone},
        {"a:{PLAIN}b\n\nnobody", std::string("3: ") + kColon},
        {"a:{PLAIN}b\n ", std::string("2: ") + kColon},
        {":{PLAIN}b", std::string("1: ") + kName},
        {"a\tb:{PLAIN}b", std::string("1: ") + kName},
        {"a\xFF:{PLAIN}b", std::string("1: ") + kName},
        {std::string(129, 'n') + ":{PLAIN}b", std::string("1: ") + kName},
        {"#\na:{PLAIN}b\nb:{PLAIN}b\na:{PLAIN}c",
         "4: the name is there twice: leave one of the lines out"},
        {"a:", std::string("1: ") + kKind},
        {"a:secret", std::string("1: ") + kKind},
        {"a:{MD5}x", std::string("1: ") + kKind},
        {"a:{sha256}K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=", std::string("1: ") + kKind},
        {"a:{SHA256}", std::string("1: ") + kSha256},
        {"a:{SHA256}K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols", std::string("1: ") + kSha256},
        {"a:{SHA256}K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols= ", std::string("1: ") + kSha256},
        {"a:{SHA256}2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b",
         std::string("1: ") + kSha256},
        {"a:{SHA256}5en6G6MezRroT3XKqkdPOmY/BfQ=", std::string("1: ") + kSha256},
        {"a:{SHA256}" + encode(std::string(33, 'x')), std::string("1: ") + kSha256},
        {"a:{SHA256}" + encode(std::string(3000, 'x')), std::string("1: ") + kSha256},
        {"a:{SHA}", std::string("1: ") + kSha},
        {"a:{SHA}K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=", std::string("1: ") + kSha},
        {"a:{SSHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", std::string("1: ") + kSsha},
        {"a:{SSHA}" + encode(std::string(85, 'x')), std::string("1: ") + kSsha},
        {"a:{PLAIN}", std::string("1: ") + kPlain},
        {"a:{PLAIN}b\x01", std::string("1: ") + kPlain},
        {"a:{PLAIN}" + std::string(513, 'k'), std::string("1: ") + kPlain},
    };
    for (const auto& row : table) {
        EXPECT_EQ(refusal(row.text), row.refused) << row.text;
    }
    EXPECT_EQ(refusal("a:{SSHA}" + encode(std::string(84, 'x'))), "taken");
    EXPECT_EQ(refusal(std::string(128, 'n') + ":{PLAIN}" + std::string(512, 'k')), "taken");
}

TEST(BasicUsers, SlowHashes) {
    for (const std::string hash :
         {"$2y$10$eImiTXuWVxfM37uY4JANjQ==", "$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/", "$1$x$y",
          "$5$x$y", "$6$x$y", "$y$j9T$x$y", "$argon2id$v=19$m=65536", "rqXexS6ZhobKA",
          "_J9..rasmBYk8r9AiWNc", "{CRYPT}$6$x$y", "{bcrypt}x", "{ARGON2}x", "{PBKDF2-SHA256}x",
          "{SCRYPT}x"}) {
        EXPECT_EQ(refusal("a:{PLAIN}b\nc:" + hash),
                  "2: the hash is a slow one, with which wrong keys would stall the worker: let "
                  "scripts/oaa-user make a random key, and write the {SHA256} of that")
            << hash;
    }
}

/// `count` users, user0 with key0 and so on.
std::string file_of(std::size_t count) {
    std::string file;
    for (std::size_t i = 0; i < count; ++i) {
        file += "user" + std::to_string(i) + ":{PLAIN}key" + std::to_string(i) + "\n";
    }
    return file;
}

TEST(BasicUsers, EachOfManyIsFound) {
    for (const std::size_t count : {1UL, 2UL, 8UL, 9UL, 300UL, BasicUsers::kMaxUsers}) {
        const BasicUsers users = users_of(file_of(count));
        const std::size_t step = 1 + count / 1000;
        for (std::size_t i = 0; i < count; i += step) {
            const std::string name = "user" + std::to_string(i);
            EXPECT_EQ(found(users, name, "key" + std::to_string(i)), name);
            EXPECT_EQ(found(users, name, "key" + std::to_string(i + 1)), "-");
        }
        EXPECT_EQ(found(users, "user" + std::to_string(count), "key"), "-");
    }
}

TEST(BasicUsers, LimitsTheNumberOfUsers) {
    EXPECT_EQ(refusal(file_of(BasicUsers::kMaxUsers)), "taken");
    EXPECT_EQ(refusal(file_of(BasicUsers::kMaxUsers + 1)),
              "10001: there are more than 10000 users: leave lines out");
}

}  // namespace
}  // namespace mfa_reset::auth
