#include "am/devices/devices.hpp"

#include <algorithm>

#include "format/json.hpp"
#include "format/json_reader.hpp"
#include "format/json_string.hpp"
#include "format/text.hpp"
#include "format/words.hpp"

namespace mfa_reset::am {

namespace {

using format::JsonReader;
using Token = JsonReader::Token;

struct Value {
    Token token = Token::fault;
    Range range;

    Range if_is(Token wanted) const noexcept { return token == wanted ? range : Range{}; }
};

/// The members of a profile that are looked at. The last of its name counts.
struct Profile {
    Value uuid;
    std::string_view uuid_text;
    Value name;
    Value credential_id;
    Value created;
    Value last_access;
    std::size_t begin = 0;  ///< of the first member

    Value* find(std::string_view member) noexcept {
        switch (member.size()) {
            case 4: return member == "uuid" ? &uuid : nullptr;
            case 10: return member == "deviceName" ? &name : nullptr;
            case 11: return member == "createdDate" ? &created : nullptr;
            case 12: return member == "credentialId" ? &credential_id : nullptr;
            case 14: return member == "lastAccessDate" ? &last_access : nullptr;
            default: return nullptr;
        }
    }
};

/// Reads the object that `reader` has just opened. False: a fault.
bool read_profile(JsonReader& reader, Profile& profile, Memory& memory) {
    Token token = reader.next();
    profile.begin = reader.token_position();
    for (; token == Token::name; token = reader.next()) {
        Value* const value = profile.find(reader.text(memory));
        const Token kind = reader.next();
        const std::size_t begin = reader.token_position();
        if (!reader.skip()) {
            return false;
        }
        if (value != nullptr) {
            *value = {kind, {begin, reader.position()}};
        }
        if (value == &profile.uuid) {
            profile.uuid_text = kind == Token::string ? reader.text(memory) : std::string_view{};
        }
    }
    return token == Token::end_object;
}

Device to_device(const Profile& profile) noexcept {
    return {.uuid = profile.uuid_text,
            .profile = {},
            .cut = {},
            .id = profile.uuid.range,
            .name = profile.name.if_is(Token::string),
            .credential_id = profile.credential_id.if_is(Token::string),
            .created = profile.created.if_is(Token::number),
            .last_access = profile.last_access.if_is(Token::number),
            .any_name = profile.name.range,
            .begin = profile.begin};
}

/// Reads the array that `reader` has just opened. False: a fault.
bool read_elements(JsonReader& reader, Devices& devices, Memory& memory) {
    std::size_t end_before = 0;  // of the element before
    bool listed_before = false;
    for (Token token = reader.next(); token != Token::end_array; token = reader.next()) {
        const std::size_t begin = reader.token_position();
        if (listed_before) {
            devices.listed.back().cut = {devices.listed.back().profile.begin, begin};
        }
        Profile profile;
        const bool good = token == Token::object ? read_profile(reader, profile, memory)
                                                 : token != Token::fault && reader.skip();
        if (!good) {
            return false;
        }
        listed_before = !profile.uuid_text.empty();
        if (listed_before) {
            Device& device = devices.listed.emplace_back(to_device(profile));
            device.profile = {begin, reader.position()};
            device.cut = {devices.count > 0 ? end_before : begin, reader.position()};
        }
        end_before = reader.position();
        ++devices.count;
    }
    return reader.next() == Token::end;
}

/// Of devices with one uuid only the first counts.
void drop_duplicates(std::pmr::vector<Device>& listed, Memory& memory) {
    std::pmr::vector<Device*> sorted(&memory);
    sorted.reserve(listed.size());
    for (Device& device : listed) {
        sorted.push_back(&device);
    }
    std::ranges::sort(sorted, [](const Device* left, const Device* right) {
        return left->uuid != right->uuid ? left->uuid < right->uuid : left < right;
    });
    bool any = false;
    for (std::size_t at = 1; at < sorted.size(); ++at) {
        if (sorted[at]->uuid == sorted[at - 1]->uuid) {
            sorted[at]->counts = false;
            any = true;
        }
    }
    if (any) {
        std::erase_if(listed, [](const Device& device) { return !device.counts; });
    }
}

/// Whether the JSON string `json` says `text`.
bool says(std::string_view json, std::string_view text, Memory& memory) {
    if (json.empty()) {
        return false;
    }
    const std::string_view raw = json.substr(1, json.size() - 2);
    return format::find_byte(raw, '\\') == raw.size() ? raw == text
                                                      : format::unescape_json(raw, memory) == text;
}

}  // namespace

Devices read_devices(std::string_view stored, Memory& memory) {
    Devices devices(memory);
    devices.stored = stored;
    JsonReader reader(stored, JsonReader::kMaxDepth);
    devices.is_array = reader.next() == Token::array && read_elements(reader, devices, memory);
    if (!devices.is_array) {
        devices.listed.clear();
        devices.count = 0;
    } else if (devices.listed.size() > 1) {
        drop_duplicates(devices.listed, memory);
    }
    return devices;
}

const Device* find_by_uuid(const Devices& devices, std::string_view uuid) noexcept {
    const auto found = std::ranges::find(devices.listed, uuid, &Device::uuid);
    return found != devices.listed.end() ? &*found : nullptr;
}

const Device* find_by_id(const Devices& devices, std::string_view id, Memory& memory) {
    const auto found = std::ranges::find_if(devices.listed, [&](const Device& device) {
        return device.uuid == id || says(device.credential_id.of(devices.stored), id, memory);
    });
    return found != devices.listed.end() ? &*found : nullptr;
}

Edit make_removal(const Devices& devices, const Device& device) noexcept {
    return {device.cut, {}, devices.count == 1};
}

Edit make_renaming(const Device& device, std::string_view name, Memory& memory) {
    constexpr std::string_view kMember = "\"deviceName\": ";
    format::Text text(memory, kMember.size() + 2 * name.size());
    if (!device.any_name.empty()) {
        format::append_json_string(text, name);
        return {device.any_name, text.view()};
    }
    text.append(kMember);
    format::append_json_string(text, name);
    text.append(", ");  // a device has a uuid at least
    return {{device.begin, device.begin}, text.view()};
}

unsigned long revision_of(std::string_view text) noexcept {
    constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15U;
    constexpr unsigned kBits = 31;
    std::uint64_t hash = text.size() * kFactor;
    const auto mix = [&hash](std::uint64_t word) {
        hash = (hash ^ word) * kFactor;
        hash ^= hash >> 32U;
    };
    for (; text.size() >= sizeof(format::Word); text.remove_prefix(sizeof(format::Word))) {
        mix(format::load_word(text.data()));
    }
    for (const char byte : text) {
        mix(static_cast<unsigned char>(byte));
    }
    return static_cast<unsigned long>(hash & ((std::uint64_t{1} << kBits) - 1));
}

}  // namespace mfa_reset::am
