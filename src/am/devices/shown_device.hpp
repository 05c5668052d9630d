// A device as answers show it: never its secret, its recovery codes or its counters.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "am/devices/devices.hpp"
#include "am/devices/items.hpp"
#include "am/factor.hpp"

namespace mfa_reset::am {

class ShownDevice {
public:
    /// `device` is of the list `stored`, which must live as long as this.
    ShownDevice(std::string_view stored, const Device& device, Factor factor) noexcept;

    /// Views this.
    Item item() const noexcept { return {id_, revision_, {members_.data(), count_}}; }

private:
    void add(std::string_view name, std::string_view json, std::string_view missing) noexcept {
        members_[count_++] = {name, json.empty() ? missing : json};
    }

    static constexpr std::size_t kMost = 6;
    std::string_view id_;
    unsigned long revision_;
    std::array<ItemMember, kMost> members_;
    std::size_t count_ = 0;
};

}  // namespace mfa_reset::am
