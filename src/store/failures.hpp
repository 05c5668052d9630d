// What an outcome without a reply that can be read comes to, and how each of the store's answers
// says so.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "mfa_reset/store.hpp"
#include "redis/command.hpp"

namespace mfa_reset::store {

/// Why there is no reply to be read.
struct Failure {
    enum class Kind : std::uint8_t { unavailable, uncertain, broken };
    Kind kind;
    std::string_view why;  ///< lives as long as the outcome
};

/// Of a reply that no call of ours can have.
inline constexpr Failure kWrong{Failure::Kind::broken, "Redis gave an answer of the wrong kind"};

/// Nothing where there is a reply which is no error.
std::optional<Failure> failure_of(const redis::Outcome& outcome) noexcept;

/// As the failure of a call that reads: what is uncertain there is only lost.
template <class Answer>
Answer unread(const Failure& failure) noexcept {
    Answer answer;
    answer.reading = failure.kind == Failure::Kind::broken ? Reading::broken : Reading::unavailable;
    answer.why = failure.why;
    return answer;
}

/// As the failure of a call that has a verdict.
template <class Answer>
Answer failed(const Failure& failure) noexcept {
    using Verdict = typename Answer::Verdict;
    Answer answer;
    answer.verdict = failure.kind == Failure::Kind::unavailable ? Verdict::unavailable
                     : failure.kind == Failure::Kind::uncertain ? Verdict::uncertain
                                                                : Verdict::broken;
    answer.why = failure.why;
    return answer;
}

}  // namespace mfa_reset::store
