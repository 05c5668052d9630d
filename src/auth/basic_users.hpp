// Who may log in by Basic: a table of names and hashes of keys, from the lines `name:hash` of a
// file.
//
// The keys are generated ones, so their hashes are fast: {SHA256} (base64 of the digest), {SHA},
// {SSHA} (base64 of digest and salt) and {PLAIN}. A slow hash protects a key that a person thought
// up; here it would let whoever guesses stall the process.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
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

/// Finding out whether a key is right is the same work for every caller, and with one user as with
/// kMaxUsers: all digests are made, also for a name that is not there, and as many names are
/// compared, each in constant time. A name is looked for in one bucket of a hash table, and each
/// bucket has the same number of slots.
class BasicUsers {
public:
    static constexpr std::size_t kMaxUsers = 10'000;

    /// Empty lines and those that begin with `#` are skipped. At least one user must be left.
    static std::variant<BasicUsers, UserFileError> read(std::string_view text);

    /// The user's name, which lives as long as this, where the key is right.
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

    /// Users, by their place in users_; 0: a free slot.
    static constexpr std::size_t kSlots = 8;
    using Bucket = std::array<std::uint32_t, kSlots>;

    BasicUsers();
    /// nullptr, or why the line is refused. `names`: of the lines before.
    const char* add(std::string_view line, std::unordered_set<std::string_view>& names);
    const char* read_hash(std::string_view text, User& user) const;
    /// To be called once all users are there.
    void finish();
    /// Puts the users into as many buckets, a power of two. False: one of them has too many.
    bool fill(std::size_t buckets);
    std::size_t bucket_of(const Digest& name) const noexcept;
    /// Its place in users_; 0 if it is not there.
    std::size_t find_name(std::string_view name) const;

    /// The first one is no user: it stands in for every name that is not there, and is in every
    /// free slot.
    std::vector<User> users_;
    std::vector<Bucket> slots_;
    Digests digests_;
};

}  // namespace mfa_reset::auth
