// Who may log in by Basic: a table of names and hashes of keys, from the lines `name:hash` of a
// file.
//
// The keys are generated ones, so their hashes are fast: {SHA256} (base64 of the digest), {SHA},
// {SSHA} (base64 of digest and salt) and {PLAIN}. A slow hash protects a key that a person thought
// up; here it would let whoever guesses stall the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "auth/basic.hpp"
#include "auth/digests.hpp"

namespace mfa_reset::auth {

/// Why a file is refused. The sentence repeats nothing of the file, which may be a key.
struct UserFileError {
    std::size_t line = 0;  ///< from 1
    const char* sentence = nullptr;
};

/// Whether the key was right is found out with the same work whoever asked: all digests are made
/// and every name is compared, also for a name that is not there.
class BasicUsers {
public:
    /// Empty lines and those that begin with `#` are skipped. At least one user must be left.
    /// Throws std::bad_alloc.
    static std::variant<BasicUsers, UserFileError> read(std::string_view text);

    /// The user's name, which lives as long as this, where the key is right. Throws std::bad_alloc
    /// where OpenSSL fails.
    std::optional<std::string_view> find(const BasicCredentials& credentials) const;

private:
    enum class Kind : std::uint8_t { sha256, sha1, salted_sha1 };
    struct User {
        std::string name;
        Digest name_digest{};  ///< SHA-256: names are compared by it, in constant time
        Kind kind = Kind::sha256;
        Digest digest{};
        std::string salt{};
    };

    BasicUsers();
    /// Nothing, or why the line is refused.
    const char* add(std::string_view line);
    const char* read_hash(std::string_view text, User& user) const;
    void finish();

    /// The first one is nobody: it stands in for every name that is not there.
    std::vector<User> users_;
    Digests digests_;
};

}  // namespace mfa_reset::auth
