// This uses OpenSSL's HMAC: liboath compares codes with strcmp, stops at the first
// match, and would load a second cryptographic library into every worker.
#include "auth/totp.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include "auth/openssl_errors.hpp"

namespace mfa_reset::auth {

namespace {

constexpr std::int64_t kStepSeconds = 30;
constexpr std::size_t kDigits = 6;
constexpr std::uint32_t kModulus = 1000000;
constexpr std::size_t kSha1Size = 20;

struct Free {
    void operator()(EVP_MAC* mac) const noexcept { EVP_MAC_free(mac); }
    void operator()(EVP_MAC_CTX* context) const noexcept { EVP_MAC_CTX_free(context); }
};

/// Computes HOTP values (RFC 4226), of one secret at a time.
class Hotp {
public:
    Hotp() : mac_(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr)) {
        require(mac_ != nullptr);
        context_.reset(EVP_MAC_CTX_new(mac_.get()));
        require(context_ != nullptr);
    }

    void use(std::string_view secret) {
        char digest[] = "SHA1";
        const std::array<OSSL_PARAM, 2> parameters{
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
            OSSL_PARAM_construct_end()};
        require(EVP_MAC_init(context_.get(), bytes_of(secret), secret.size(), parameters.data()) ==
                1);
    }

    std::uint32_t value(std::uint64_t counter) {
        std::array<unsigned char, 8> message{};
        for (auto byte = message.rbegin(); byte != message.rend(); ++byte, counter >>= 8U) {
            *byte = static_cast<unsigned char>(counter);
        }
        std::array<unsigned char, kSha1Size> hash{};
        std::size_t size = 0;
        require(EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1 &&
                EVP_MAC_update(context_.get(), message.data(), message.size()) == 1 &&
                EVP_MAC_final(context_.get(), hash.data(), &size, hash.size()) == 1 &&
                size == hash.size());
        return truncate(hash);
    }

private:
    static void require(bool done) {
        if (!done) {
            throw std::bad_alloc();
        }
    }

    static const unsigned char* bytes_of(std::string_view text) noexcept {
        return reinterpret_cast<const unsigned char*>(text.data());
    }

    /// RFC 4226, 5.3.
    static std::uint32_t truncate(const std::array<unsigned char, kSha1Size>& hash) noexcept {
        const std::size_t offset = hash.back() & 0xFU;
        std::uint32_t value = hash[offset] & 0x7FU;
        for (std::size_t at = 1; at < 4; ++at) {
            value = value << 8U | hash[offset + at];
        }
        return value % kModulus;
    }

    std::unique_ptr<EVP_MAC, Free> mac_;
    std::unique_ptr<EVP_MAC_CTX, Free> context_;
};

std::optional<std::uint32_t> parse_code(std::string_view code) noexcept {
    if (code.size() != kDigits) {
        return std::nullopt;
    }
    std::uint32_t value = 0;
    for (const char digit : code) {
        if (digit < '0' || digit > '9') {
            return std::nullopt;
        }
        value = value * 10 + static_cast<std::uint32_t>(digit - '0');
    }
    return value;
}

/// Returns `candidate` if the codes are equal and it is later than `latest`, else `latest`. Does
/// not branch on the codes.
std::int64_t later_if_equal(std::uint32_t left, std::uint32_t right, std::int64_t candidate,
                            std::int64_t latest) noexcept {
    const auto differ = static_cast<std::int64_t>(CRYPTO_memcmp(&left, &right, sizeof left) != 0);
    const std::int64_t keep = -differ;
    const std::int64_t later = std::max(candidate, latest);
    return (latest & keep) | (later & ~keep);
}

/// Rounded down, also before the epoch.
constexpr std::int64_t step_at(std::int64_t seconds) noexcept {
    return seconds / kStepSeconds - (seconds % kStepSeconds < 0 ? 1 : 0);
}

}  // namespace

std::optional<std::int64_t> match_totp(std::span<const TotpDevice> devices, std::string_view code,
                                       std::int64_t now) {
    constexpr std::int64_t kNone = -1;
    const auto wanted = parse_code(code);
    if (!wanted || devices.empty()) {
        return std::nullopt;
    }
    const OpenSslErrors errors;
    Hotp hotp;
    std::int64_t latest = kNone;
    for (const TotpDevice& device : devices) {
        hotp.use(device.secret);
        const std::int64_t step = step_at(now + device.drift_seconds);
        for (std::int64_t candidate = std::max<std::int64_t>(step - 1, 0); candidate <= step + 1;
             ++candidate) {
            const std::uint32_t value = hotp.value(static_cast<std::uint64_t>(candidate));
            latest = later_if_equal(value, *wanted, candidate, latest);
        }
    }
    return latest == kNone ? std::nullopt : std::optional(latest);
}

}  // namespace mfa_reset::auth
