// Chooses one of the servers that sentinels name: they may disagree, be late, or lie.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "redis/connection/settings.hpp"

namespace mfa_reset::redis {

/// A sentinel votes for the address that it named last. An address without a master comes behind
/// all others for a while, so that a sentinel that is late or lies costs one attempt now and then.
class SentinelChoice {
public:
    /// How long an address that failed stays behind the others.
    static constexpr Milliseconds kFailedFor{1000};

    /// `sentinels` is their number.
    explicit SentinelChoice(std::size_t sentinels) : voices_(sentinels) {}

    /// What the sentinel says from now on; nullopt: it has no vote.
    void hear(std::size_t sentinel, std::optional<Address> master) {
        voices_[sentinel] = std::move(master);
    }
    /// No master was found at `address`.
    void failed(const Address& address, Milliseconds now);
    bool has_failed(const Address& address, Milliseconds now) const noexcept;
    /// A master was found at `address`, which is a candidate from now on, named or not. True: it
    /// was another one before.
    bool worked(const Address& address);

    /// Whether more than half of all sentinels, the silent ones included, name it.
    bool has_majority(const Address& address) const noexcept {
        return votes(address) * 2 > voices_.size();
    }
    /// The address to use; nullptr: not known. Points into this object, or is `current`, the one in
    /// use (nullptr: no one). While that one `works`, only an address with a majority replaces it.
    const Address* best(const Address* current, bool works, Milliseconds now) const noexcept;

private:
    struct Failed {
        Address address;
        Milliseconds until;
    };

    std::size_t votes(const Address& address) const noexcept;

    std::vector<std::optional<Address>> voices_;
    std::optional<Address> last_good_;
    std::vector<Failed> failed_;
};

}  // namespace mfa_reset::redis
