#include "auth/oath_devices.hpp"

#include <limits>
#include <optional>

#include "format/hex.hpp"
#include "format/json_tree.hpp"

namespace mfa_reset::auth {

namespace {

constexpr std::size_t kMaxDepth = 16;
constexpr std::size_t kMaxProfiles = 256UL * 1024;
/// The shortest common enrolments have 80 bits; RFC 4226 asks for 128.
constexpr std::size_t kMinSecret = 10;
constexpr std::size_t kMaxSecret = 256;
constexpr json_int_t kMaxDrift = json_int_t{24} * 60 * 60;

std::optional<std::string_view> decode_secret(std::string_view hex, Memory& memory) {
    const std::size_t size = hex.size() / 2;
    if (hex.size() % 2 != 0 || size < kMinSecret || size > kMaxSecret) {
        return std::nullopt;
    }
    auto* const bytes = static_cast<char*>(memory.allocate(size, 1));
    for (std::size_t at = 0; at < size; ++at) {
        const auto byte = format::decode_hex(hex.substr(2 * at, 2));
        if (!byte) {
            return std::nullopt;
        }
        bytes[at] = *byte;
    }
    return std::string_view{bytes, size};
}

std::optional<std::int32_t> read_drift(const json_t* value) noexcept {
    if (value == nullptr || json_is_null(value)) {
        return 0;
    }
    const json_int_t drift = json_integer_value(value);
    if (!format::is_integer(value) || drift < -kMaxDrift || drift > kMaxDrift) {
        return std::nullopt;
    }
    return static_cast<std::int32_t>(drift);
}

bool is_zero_or_absent(const json_t* value) noexcept {
    return value == nullptr || json_is_null(value) ||
           (json_is_integer(value) && json_integer_value(value) == 0);
}

/// A profile does not name its kind: HOTP uses its counter, and TOTP the time of the last login.
bool is_by_counter(const json_t* profile) noexcept {
    return !is_zero_or_absent(json_object_get(profile, "counter")) &&
           is_zero_or_absent(json_object_get(profile, "lastLogin"));
}

std::optional<TotpDevice> read_device(const json_t* profile, Memory& memory) {
    if (!format::is_object(profile) || is_by_counter(profile)) {
        return std::nullopt;
    }
    const auto drift = read_drift(json_object_get(profile, "clockDriftSeconds"));
    const auto secret =
        decode_secret(format::json_view(json_object_get(profile, "sharedSecret")), memory);
    if (!drift || !secret) {
        return std::nullopt;
    }
    return TotpDevice{*secret, *drift};
}

}  // namespace

std::pmr::vector<TotpDevice> read_totp_devices(std::string_view profiles, Memory& memory) {
    std::pmr::vector<TotpDevice> devices(&memory);
    if (profiles.empty() || profiles.size() > kMaxProfiles) {
        return devices;
    }
    const auto tree = format::parse_json(profiles, kMaxDepth, format::JsonDuplicates::last);
    for (std::size_t at = 0; at < json_array_size(tree.get()); ++at) {
        const auto device = read_device(json_array_get(tree.get(), at), memory);
        if (device && devices.size() < kMaxTotpDevices) {
            devices.push_back(*device);
        }
    }
    return devices;
}

bool has_profiles(std::string_view profiles) {
    if (profiles.empty()) {
        return false;
    }
    if (profiles.size() > kMaxProfiles) {
        return true;
    }
    const auto tree = format::parse_json(profiles, kMaxDepth, format::JsonDuplicates::last);
    const bool is_empty = json_is_array(tree.get()) && json_array_size(tree.get()) == 0;
    return !is_empty;
}

}  // namespace mfa_reset::auth
