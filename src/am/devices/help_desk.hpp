// The two reads of a help desk: what a user has, and what was done (contracts: am_devices.md, "What
// is ours"). Neither shows a secret.
#pragma once

#include <string_view>

#include "am/devices/items.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::am {

/// `text`: what overview.lua adds to its verdict; empty: no record, or nothing of interest in it.
std::string_view write_overview(std::string_view text, const ItemManner& manner, Memory& memory);

/// `text`: what events.lua adds to its verdict; empty: no events.
std::string_view write_events(std::string_view text, const ItemManner& manner, Memory& memory);

}  // namespace mfa_reset::am
