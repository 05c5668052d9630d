#include "am/devices/shown_device.hpp"

namespace mfa_reset::am {

namespace {

/// A JSON string.
constexpr std::string_view default_name(Factor factor) noexcept {
    switch (factor) {
        case Factor::oath: return "\"OATH Device\"";
        case Factor::push: return "\"Push Device\"";
        case Factor::webauthn: break;
    }
    return "\"WebAuthn Device\"";
}

}  // namespace

ShownDevice::ShownDevice(std::string_view stored, const Device& device, Factor factor) noexcept
    : id_(device.id.of(stored)), revision_(revision_of(device.profile.of(stored))) {
    // In AM's order. Some SDKs drop the whole list if an item lacks one of them.
    add("createdDate", device.created.of(stored), "0");
    add("lastAccessDate", device.last_access.of(stored), "0");
    if (factor == Factor::webauthn) {
        add("credentialId", device.credential_id.of(stored), "\"\"");
    }
    add("deviceName", device.name.of(stored), default_name(factor));
    add("uuid", id_, "");
    add("deviceManagementStatus", "false", "");
}

}  // namespace mfa_reset::am
