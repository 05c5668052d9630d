#include "redis/topology/sentinel_choice.hpp"

#include <algorithm>
#include <utility>

namespace mfa_reset::redis {

void SentinelChoice::failed(const Address& address, Milliseconds now) {
    const auto found = std::ranges::find(failed_, address, &Failed::address);
    if (found != failed_.end()) {
        found->until = now + kFailedFor;
        return;
    }
    // Bounded, even if a sentinel names another address each time.
    if (failed_.size() > voices_.size()) {
        failed_.erase(std::ranges::min_element(failed_, {}, &Failed::until));
    }
    failed_.push_back({address, now + kFailedFor});
}

bool SentinelChoice::has_failed(const Address& address, Milliseconds now) const noexcept {
    const auto found = std::ranges::find(failed_, address, &Failed::address);
    return found != failed_.end() && found->until > now;
}

bool SentinelChoice::worked(const Address& address) {
    std::erase_if(failed_, [&](const Failed& entry) { return entry.address == address; });
    if (last_good_ == address) {
        return false;
    }
    last_good_ = address;
    return true;
}

std::size_t SentinelChoice::votes(const Address& address) const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(
        voices_, [&](const auto& voice) { return voice && *voice == address; }));
}

const Address* SentinelChoice::best(const Address* current, bool works,
                                    Milliseconds now) const noexcept {
    const Address* best = current;
    if (works) {
        for (const auto& voice : voices_) {
            if (voice && has_majority(*voice) && !has_failed(*voice, now)) {
                best = &*voice;
            }
        }
        return best;
    }
    const auto rank = [&](const Address& address) {
        return std::pair{!has_failed(address, now), votes(address)};
    };
    const auto consider = [&](const std::optional<Address>& candidate) {
        // Of two equal ones the first stays: `current` before all.
        if (candidate && (best == nullptr || rank(*best) < rank(*candidate))) {
            best = &*candidate;
        }
    };
    std::ranges::for_each(voices_, consider);
    consider(last_good_);
    return best;
}

}  // namespace mfa_reset::redis
