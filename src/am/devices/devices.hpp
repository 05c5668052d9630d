// The devices of one factor: read from the JSON array in the user's record, and edits of that text.
// Nothing is written again that an edit does not touch: profiles hold numbers and members that a
// JSON library would change (contracts: am_devices.md, "Stored profiles").
#pragma once

#include <cstddef>
#include <memory_resource>
#include <optional>
#include <string_view>
#include <vector>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::am {

/// Bytes of the stored text, from `begin` to before `end`.
struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;

    bool empty() const noexcept { return begin == end; }
    std::string_view of(std::string_view text) const noexcept {
        return text.substr(begin, end - begin);
    }
};

/// A device that a client can name.
struct Device {
    std::string_view uuid;  ///< decoded
    Range profile;          ///< the whole element of the array
    /// What must go for the element to be out of the array.
    Range cut;
    // JSON values as stored; empty: missing, or not of the expected type.
    Range id;  ///< the uuid
    Range name;
    Range credential_id;
    Range created;
    Range last_access;
    Range any_name;         ///< of `deviceName`, whatever its type
    std::size_t begin = 0;  ///< where the first member stands
    bool counts = true;     ///< false while reading: an earlier device has the uuid
};

struct Devices {
    explicit Devices(Memory& memory) : listed(&memory) {}

    std::string_view stored;
    bool is_array = false;  ///< false: `stored` is no JSON array; it has no devices
    std::size_t count = 0;  ///< elements of the array, encrypted ones and other text, too
    /// In the stored order. Elements without a uuid are not listed, nor is one whose uuid an
    /// earlier one has.
    std::pmr::vector<Device> listed;
};

/// `stored` must live as long as the result. Linear, but for the search for equal uuids. Throws
/// std::bad_alloc.
Devices read_devices(std::string_view stored, Memory& memory);

/// The device of that uuid, compared byte for byte, or nullptr.
const Device* find_by_uuid(const Devices& devices, std::string_view uuid) noexcept;

/// The first device whose uuid or credentialId is `id`, or nullptr.
const Device* find_by_id(const Devices& devices, std::string_view id, Memory& memory);

/// `text` instead of the bytes of `range`.
struct Edit {
    Range range{};
    std::string_view text{};
    bool empties = false;  ///< no element is left: the field shall go
};

/// The device's element is cut out of the array.
Edit make_removal(const Devices& devices, const Device& device) noexcept;

/// The device gets the name `name`, which is UTF-8. In `memory`.
Edit make_renaming(const Device& device, std::string_view name, Memory& memory);

/// 31 bits of a hash: the revision of what has this stored text. Not for secrets.
unsigned long revision_of(std::string_view text) noexcept;

}  // namespace mfa_reset::am
