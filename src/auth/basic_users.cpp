#include "auth/basic_users.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <new>
#include <unordered_set>

#include "auth/base64.hpp"
#include "format/ascii.hpp"
#include "format/utf8.hpp"

namespace mfa_reset::auth {

namespace {

constexpr std::size_t kMaxName = 128;
constexpr std::size_t kMaxPlainKey = 512;
constexpr std::size_t kMaxSalt = 64;

/// What crypt(3), bcrypt and their like write: `$2y$…`, `$apr1$…`, `$6$…`, or 13 characters.
bool is_slow_hash(std::string_view text) noexcept {
    constexpr std::array<std::string_view, 5> kSchemes{"{CRYPT}", "{BCRYPT}", "{ARGON2}", "{PBKDF2",
                                                       "{SCRYPT}"};
    const auto is_of_crypt = [](char c) {
        const char lower = format::to_lower(c);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '/';
    };
    return text.starts_with('$') || text.starts_with('_') ||
           std::any_of(kSchemes.begin(), kSchemes.end(),
                       [text](std::string_view scheme) {
                           return format::equal_ignoring_case(text.substr(0, scheme.size()),
                                                              scheme);
                       }) ||
           (text.size() == 13 && std::all_of(text.begin(), text.end(), is_of_crypt));
}

bool has_control(std::string_view text) noexcept {
    return std::any_of(text.begin(), text.end(), format::is_control);
}

/// Takes `prefix` off `text` where it begins with it.
bool take(std::string_view prefix, std::string_view& text) noexcept {
    const bool found = text.starts_with(prefix);
    text.remove_prefix(found ? prefix.size() : 0);
    return found;
}

/// Decodes a digest of `digest_size` bytes and, where `most_salt` is not 0, a salt of 1 to that
/// many bytes behind it. False: it is none.
bool decode_digest(std::string_view text, std::size_t digest_size, std::size_t most_salt,
                   Digest& digest, std::string& salt) {
    std::array<unsigned char, 128> bytes{};
    if (base64_room(text) > bytes.size()) {
        return false;
    }
    const auto size = decode_base64(text, bytes);
    const bool salted = most_salt > 0;
    if (!size || *size < digest_size + (salted ? 1 : 0) || *size > digest_size + most_salt) {
        return false;
    }
    std::copy_n(bytes.begin(), digest_size, digest.begin());
    salt.assign(reinterpret_cast<const char*>(bytes.data()) + digest_size, *size - digest_size);
    return true;
}

/// All bits set, or none. In constant time, and in a tenth of CRYPTO_memcmp's, which goes byte by
/// byte.
std::size_t all_bits_if_same(const Digest& left, const Digest& right) noexcept {
    using Words = std::array<std::uint64_t, sizeof(Digest) / sizeof(std::uint64_t)>;
    const auto left_words = std::bit_cast<Words>(left);
    const auto right_words = std::bit_cast<Words>(right);
    std::uint64_t different = 0;
    for (std::size_t i = 0; i < left_words.size(); ++i) {
        different |= left_words[i] ^ right_words[i];
    }
    return std::size_t{0} - static_cast<std::size_t>(different == 0);
}

}  // namespace

BasicUsers::BasicUsers() {
    User& nobody = users_.emplace_back();
    // Digests that no name and no key has.
    for (Digest* digest : {&nobody.name_digest, &nobody.digest}) {
        if (RAND_bytes(digest->data(), static_cast<int>(digest->size())) != 1) {
            throw std::bad_alloc();
        }
    }
}

std::variant<BasicUsers, UserFileError> BasicUsers::read(std::string_view text) {
    BasicUsers users;
    std::unordered_set<std::string_view> names;  // views of `text`
    text = format::without_byte_order_mark(text);
    std::size_t number = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        line.remove_suffix(line.ends_with('\r') ? 1 : 0);
        ++number;
        if (const char* sentence = users.add(line, names); sentence != nullptr) {
            return UserFileError{number, sentence};
        }
    }
    if (users.users_.size() == 1) {
        return UserFileError{std::max<std::size_t>(number, 1),
                             "there is no user: let scripts/oaa-user make a line, and add it"};
    }
    users.finish();
    return users;
}

const char* BasicUsers::add(std::string_view line, std::unordered_set<std::string_view>& names) {
    if (line.empty() || line.starts_with('#')) {
        return nullptr;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
        return "there is no colon: write name:hash";
    }
    const std::string_view name = line.substr(0, colon);
    if (name.empty() || name.size() > kMaxName || has_control(name) || !format::is_utf8(name)) {
        return "the name is none: write 1 to 128 bytes of UTF-8 without control characters";
    }
    if (!names.insert(name).second) {
        return "the name is there twice: leave one of the lines out";
    }
    if (names.size() > kMaxUsers) {
        return "there are more than 10000 users: leave lines out";
    }
    User user{.name = std::string{name}, .name_digest = digests_.sha256(name)};
    if (const char* sentence = read_hash(line.substr(colon + 1), user); sentence != nullptr) {
        return sentence;
    }
    users_.push_back(std::move(user));
    return nullptr;
}

const char* BasicUsers::read_hash(std::string_view text, User& user) const {
    if (is_slow_hash(text)) {
        return "the hash is a slow one, with which wrong keys would stall the worker: let "
               "scripts/oaa-user make a random key, and write the {SHA256} of that";
    }
    if (take("{SHA256}", text)) {
        return decode_digest(text, user.digest.size(), 0, user.digest, user.salt)
                   ? nullptr
                   : "the hash is none: write {SHA256} and 32 bytes in base64";
    }
    if (take("{SHA}", text)) {
        user.kind = Kind::sha1;
        return decode_digest(text, kSha1Bytes, 0, user.digest, user.salt)
                   ? nullptr
                   : "the hash is none: write {SHA} and 20 bytes in base64";
    }
    if (take("{SSHA}", text)) {
        user.kind = Kind::salted_sha1;
        return decode_digest(text, kSha1Bytes, kMaxSalt, user.digest, user.salt)
                   ? nullptr
                   : "the hash is none: write {SSHA} and, in base64, 20 bytes and a salt of 1 to "
                     "64";
    }
    if (take("{PLAIN}", text)) {
        user.digest = digests_.sha256(text);
        return !text.empty() && text.size() <= kMaxPlainKey && !has_control(text)
                   ? nullptr
                   : "the key is none: write 1 to 512 bytes without control characters";
    }
    return "the hash is of no known kind: write {SHA256}, {SSHA}, {SHA} or {PLAIN} before it";
}

void BasicUsers::finish() {
    std::size_t longest = 0;
    for (const User& user : users_) {
        longest = std::max(longest, user.salt.size());
    }
    // The digest that stands in for an unknown name costs as much as any.
    users_.front().salt.assign(longest, 's');
    // On average one user for each bucket: more than kSlots in one is rare. Digests of different
    // names differ, so that some number of buckets is enough.
    std::size_t buckets = std::bit_ceil(users_.size());
    while (!fill(buckets)) {
        buckets *= 2;
    }
}

bool BasicUsers::fill(std::size_t buckets) {
    slots_.assign(buckets, Bucket{});
    for (std::size_t i = 1; i < users_.size(); ++i) {
        Bucket& bucket = slots_[bucket_of(users_[i].name_digest)];
        auto* const free = std::find(bucket.begin(), bucket.end(), 0U);
        if (free == bucket.end()) {
            return false;
        }
        *free = static_cast<std::uint32_t>(i);
    }
    return true;
}

std::size_t BasicUsers::bucket_of(const Digest& name) const noexcept {
    std::uint64_t number = 0;
    std::memcpy(&number, name.data(), sizeof number);
    return number & (slots_.size() - 1);
}

std::size_t BasicUsers::find_name(std::string_view name) const {
    const Digest digest = digests_.sha256(name);
    std::size_t found = 0;
    for (const std::size_t user : slots_[bucket_of(digest)]) {
        found |= user & all_bits_if_same(users_[user].name_digest, digest);
    }
    return found;
}

std::optional<std::string_view> BasicUsers::find(const BasicCredentials& credentials) const {
    const std::size_t found = find_name(credentials.name);
    const User& user = users_[found];
    const std::array<std::string_view, 2> salted{credentials.key, user.salt};
    const std::array<Digest, 3> digests{digests_.sha256(credentials.key),
                                        digests_.sha1({salted.data(), 1}), digests_.sha1(salted)};
    const Digest& digest = digests[static_cast<std::size_t>(user.kind)];
    const bool right = CRYPTO_memcmp(digest.data(), user.digest.data(), digest.size()) == 0;
    return right && found != 0 ? std::optional<std::string_view>(user.name) : std::nullopt;
}

}  // namespace mfa_reset::auth
