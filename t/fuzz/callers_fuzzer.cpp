// What says who is calling: tokens, ServiceStack's sessions, devices. An input's first letter says
// what the rest is: t a whole token; s a header and claims in JSON, one a line, which are signed
// here; u a session; d device profiles.
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "auth/jwt.hpp"
#include "auth/oath_devices.hpp"
#include "foundry/session.hpp"
#include "pool_like_memory.hpp"
#include "text.hpp"

namespace mfa_reset::fuzz {
namespace {

constexpr std::string_view kSecret = "a key of some forty bytes, for HMAC only.";
constexpr std::int64_t kNow = 1795379552;

const auth::JwtKey& key() {
    static const auto made = auth::make_jwt_key(kSecret, auth::JwtAlgorithm::HS256);
    return std::get<auth::JwtKey>(made);
}

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// By OpenSSL's encoder: base64 without padding, and the two letters changed.
std::string base64url(std::string_view text) {
    std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes(text),
                                     static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(size));
    out.erase(std::min(out.find('='), out.size()));
    for (char& letter : out) {
        letter = letter == '+' ? '-' : letter == '/' ? '_' : letter;
    }
    return out;
}

std::string sign(std::string_view text) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(EVP_sha256(), kSecret.data(), static_cast<int>(kSecret.size()), bytes(text), text.size(),
         digest, &size);
    return base64url({reinterpret_cast<const char*>(digest), size});
}

void judge(const auth::Principal& principal) {
    require(!principal.id.empty(), "somebody is called something");
    require(is_utf8(principal.id), "an id is UTF-8", principal.id);
    for (const auto* names : {&principal.roles, &principal.permissions}) {
        for (const std::string_view name : *names) {
            require(is_utf8(name), "a role is UTF-8", name);
        }
    }
}

/// Only who has the secret makes a token: what came in one piece can be none.
void check_token(std::string_view token, bool is_signed) {
    using Outcome = auth::JwtResult::Outcome;
    test::PoolLikeMemory memory;
    const auth::JwtResult result = auth::verify_jwt(token, key(), {}, kNow, memory);
    require(is_signed || result.outcome == Outcome::refused, "nobody forges a token", token);
    require(result.principal.has_value() == (result.outcome == Outcome::ok),
            "whose a good token is");
    require((result.outcome == Outcome::refused) == !result.why.empty() ||
                result.outcome == Outcome::expired,
            "a refusal has its reason");
    if (result.principal) {
        judge(*result.principal);
    }
}

void check_signed(std::string_view lines) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view claims = lines.substr(std::min(end + 1, lines.size()));
    const std::string text = base64url(lines.substr(0, end)) + "." + base64url(claims);
    const std::string signature = sign(text);
    check_token(text + "." + signature, true);
    std::string other = signature;
    other.front() = other.front() == 'A' ? 'B' : 'A';
    check_token(text + "." + other, false);
}

void check_session(std::string_view json) {
    test::PoolLikeMemory memory;
    if (const auto principal = foundry::parse_session(json, {}, memory)) {
        judge(*principal);
    }
}

void check_devices(std::string_view profiles) {
    constexpr std::int32_t kDay = 24 * 60 * 60;
    test::PoolLikeMemory memory;
    const auto devices = auth::read_totp_devices(profiles, memory);
    require(devices.size() <= auth::kMaxTotpDevices, "devices are bounded");
    for (const auth::TotpDevice& device : devices) {
        require(device.secret.size() >= 10 && device.secret.size() <= 256, "a secret's length");
        require(device.drift_seconds >= -kDay && device.drift_seconds <= kDay, "a drift's bounds");
    }
    const auto step = auth::match_totp(devices, "492039", kNow);
    require(!step || !devices.empty(), "no device, no code");
}

void check(std::string_view input) {
    if (input.empty()) {
        return;
    }
    ExactCopies copies;
    const std::string_view rest = copies.keep(input.substr(1));
    switch (input.front()) {
        case 't': check_token(rest, false); break;
        case 's': check_signed(rest); break;
        case 'u': check_session(rest); break;
        case 'd': check_devices(rest); break;
        default: break;
    }
}

}  // namespace
}  // namespace mfa_reset::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mfa_reset::fuzz::check(mfa_reset::fuzz::view(data, size));
    return 0;
}
