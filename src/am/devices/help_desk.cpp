#include "am/devices/help_desk.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>

#include "am/devices/devices.hpp"
#include "am/factor.hpp"
#include "format/ascii.hpp"
#include "format/text.hpp"

namespace mfa_reset::am {

namespace {

/// Takes what is before the first NUL off `text`.
std::string_view take_part(std::string_view& text) noexcept {
    const std::size_t end = text.find('\0');
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return part;
}

/// Digits as a number; 0 if they are none, or too many.
std::uint64_t number_of(std::string_view digits) noexcept {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return error == std::errc{} && end == digits.data() + digits.size() ? number : 0;
}

struct FactorFields {
    std::optional<std::string_view> devices;
    std::optional<std::string_view> skip;
};

struct Challenge {
    std::string_view failures;
    std::string_view locked_until;
};

/// The record's fields, in the order in which they are shown.
struct Overview {
    explicit Overview(Memory& memory) : challenges(&memory) {}

    std::array<FactorFields, kFactors.size()> factors;
    std::pmr::map<std::string_view, Challenge> challenges;
};

void take_field(Overview& overview, std::string_view name, std::string_view value) {
    constexpr std::string_view kChallenge = "challenge:";
    constexpr std::string_view kLock = "lock:";
    if (name.starts_with(kChallenge)) {
        overview.challenges[name.substr(kChallenge.size())].failures = value;
        return;
    }
    if (name.starts_with(kLock)) {
        overview.challenges[name.substr(kLock.size())].locked_until = value;
        return;
    }
    for (const Factor factor : kFactors) {
        FactorFields& fields = overview.factors[static_cast<std::size_t>(factor)];
        if (name == devices_field(factor)) {
            fields.devices = value;
        } else if (name == skip_field(factor)) {
            fields.skip = value;
        }
    }
}

std::string_view skip_text(std::string_view flag) noexcept {
    return flag == "1" ? "\"SKIPPABLE\"" : flag == "2" ? "\"NOT_SKIPPABLE\"" : "\"NOT_SET\"";
}

std::uint64_t last_access(const Devices& devices) noexcept {
    std::uint64_t last = 0;
    for (const Device& device : devices.listed) {
        last = std::max(last, number_of(device.last_access.of(devices.stored)));
    }
    return last;
}

void add_factor(ItemList& list, Factor factor, const FactorFields& fields, Memory& memory) {
    const std::string_view stored = fields.devices.value_or(std::string_view{});
    const std::string_view skip = fields.skip.value_or(std::string_view{});
    const Devices devices = read_devices(stored, memory);
    const std::array members{
        ItemMember{"devices", to_json(devices.count, memory)},
        ItemMember{"lastAccessDate", to_json(last_access(devices), memory)},
        ItemMember{"skip", skip_field(factor).empty() ? std::string_view{} : skip_text(skip)},
    };
    list.add({.id = to_json(name_of(factor), memory),
              .revision = revision_of(format::concat(memory, stored, skip)),
              .members = members});
}

void add_challenge(ItemList& list, std::string_view type, const Challenge& challenge,
                   Memory& memory) {
    const auto& [failures, locked_until] = challenge;
    const std::array members{
        ItemMember{"failures", to_json(number_of(failures), memory)},
        ItemMember{"lockedUntil", to_json(number_of(locked_until), memory)},
    };
    list.add(
        {.id = to_json(type, memory),
         .revision = revision_of(format::concat(memory, type, " ", failures, " ", locked_until)),
         .members = members});
}

/// A number, in JSON, if it is one; else text.
std::string_view number_or_text(std::string_view text, Memory& memory) {
    const bool is_number = !text.empty() && text.size() < 16 &&
                           std::ranges::all_of(text, format::is_digit) &&
                           (text.size() == 1 || text.front() != '0');
    return is_number ? text : to_json(text, memory);
}

/// Of an event, as events.lua lists them after the id.
constexpr std::array<std::string_view, 11> kEventFields{"api",  "action",  "factor",  "caller",
                                                        "ip",   "request", "removed", "device",
                                                        "name", "value",   "trace"};

void add_event(ItemList& list, std::string_view& text, Memory& memory) {
    const std::string_view whole = text;
    const std::string_view id = take_part(text);
    std::array<ItemMember, kEventFields.size() + 1> members;
    members[0] = {"time", to_json(number_of(id.substr(0, id.find('-'))), memory)};
    for (std::size_t at = 0; at < kEventFields.size(); ++at) {
        const std::string_view name = kEventFields[at];
        const std::string_view value = take_part(text);
        const bool is_number = name == "removed" || name == "value";
        members[at + 1] = {name, value.empty() ? std::string_view{}
                                 : is_number   ? number_or_text(value, memory)
                                               : to_json(value, memory)};
    }
    list.add({.id = to_json(id, memory),
              .revision = revision_of(whole.substr(0, whole.size() - text.size())),
              .members = members});
}

}  // namespace

std::string_view write_overview(std::string_view text, const ItemManner& manner, Memory& memory) {
    constexpr std::size_t kRoom = 1024;
    Overview overview(memory);
    while (!text.empty()) {
        const std::string_view name = take_part(text);
        take_field(overview, name, take_part(text));
    }
    ItemList list(manner, kRoom, memory);
    for (const Factor factor : kFactors) {
        const FactorFields& fields = overview.factors[static_cast<std::size_t>(factor)];
        if (fields.devices || fields.skip) {
            add_factor(list, factor, fields, memory);
        }
    }
    for (const auto& [type, challenge] : overview.challenges) {
        add_challenge(list, type, challenge, memory);
    }
    return list.end();
}

std::string_view write_events(std::string_view text, const ItemManner& manner, Memory& memory) {
    constexpr std::size_t kRoom = 256;
    ItemList list(manner, kRoom + 2 * text.size(), memory);
    while (!text.empty()) {
        add_event(list, text, memory);
    }
    return list.end();
}

}  // namespace mfa_reset::am
