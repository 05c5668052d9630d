#include "redis/connection/error_episodes.hpp"

#include <utility>

namespace mfa_reset::redis {

namespace {

std::size_t index_of(const ErrorClass& error) noexcept {
    return static_cast<std::size_t>(&error - error_classes().data());
}

}  // namespace

bool ErrorEpisodes::begins(const ErrorClass& error, Milliseconds now) noexcept {
    if (error.advice.empty()) {
        return false;
    }
    Episode& episode = episodes_[index_of(error)];
    episode.last = now;
    if (std::exchange(episode.lasts, true)) {
        return false;
    }
    ++lasting_;
    return true;
}

const ErrorClass* ErrorEpisodes::take_ended(bool wrote, Milliseconds now) noexcept {
    if (lasting_ == 0) {
        return nullptr;
    }
    for (const ErrorClass& error : error_classes()) {
        Episode& episode = episodes_[index_of(error)];
        const bool proven = wrote || error.proof == Proof::answer;
        if (episode.lasts && proven && now - episode.last >= kQuiet) {
            episode.lasts = false;
            --lasting_;
            return &error;
        }
    }
    return nullptr;
}

}  // namespace mfa_reset::redis
