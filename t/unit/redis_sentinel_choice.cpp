// Which of the addresses that sentinels name is used: votes, failures, silence.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "redis/topology/sentinel_choice.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::chrono_literals;
constexpr Milliseconds kNow{5000};

Address at(std::string_view host) { return {std::string{host}, 6379, {}}; }

/// Voices in the order of the sentinels, one letter each; `-` is silent.
SentinelChoice heard(std::string_view voices) {
    SentinelChoice choice(voices.size());
    for (std::size_t i = 0; i < voices.size(); ++i) {
        if (voices[i] != '-') {
            choice.hear(i, at(voices.substr(i, 1)));
        }
    }
    return choice;
}

/// The host that is chosen; empty: none.
std::string best(const SentinelChoice& choice, std::string_view current, bool works,
                 Milliseconds now = kNow) {
    const Address address = at(current);
    const Address* found = choice.best(current.empty() ? nullptr : &address, works, now);
    return found == nullptr ? std::string{} : found->host;
}

TEST(SentinelChoice, MostVoicesThenTheOrder) {
    EXPECT_EQ(best(heard("---"), "", false), "");
    EXPECT_EQ(best(heard("--a"), "", false), "a");
    EXPECT_EQ(best(heard("abb"), "", false), "b");
    EXPECT_EQ(best(heard("bab"), "", false), "b");
    EXPECT_EQ(best(heard("abc"), "", false), "a");
    EXPECT_EQ(best(heard("-cb"), "", false), "c");
}

TEST(SentinelChoice, AVoiceIsTheLastThatWasSaid) {
    SentinelChoice choice = heard("aab");
    choice.hear(0, at("b"));
    EXPECT_EQ(best(choice, "", false), "b");
    choice.hear(0, std::nullopt);
    choice.hear(2, std::nullopt);
    EXPECT_EQ(best(choice, "", false), "a");
}

TEST(SentinelChoice, AWorkingMasterIsLeftOnlyForAMajority) {
    EXPECT_EQ(best(heard("bbb"), "a", true), "b");
    EXPECT_EQ(best(heard("abb"), "a", true), "b");
    EXPECT_EQ(best(heard("-bb"), "a", true), "b");
    EXPECT_EQ(best(heard("aab"), "a", true), "a");
    EXPECT_EQ(best(heard("--b"), "a", true), "a") << "the silent ones may think otherwise";
    EXPECT_EQ(best(heard("bc-"), "a", true), "a");
    EXPECT_EQ(best(heard("bb--"), "a", true), "a") << "half are no majority";
    EXPECT_EQ(best(heard("---"), "a", true), "a");
    EXPECT_EQ(best(heard("b"), "a", true), "b");
}

TEST(SentinelChoice, ABrokenMasterIsLeftForTheAddressNamedMoreOften) {
    EXPECT_EQ(best(heard("--b"), "a", false), "b");
    EXPECT_EQ(best(heard("a-b"), "a", false), "a") << "as good, and in use";
    EXPECT_EQ(best(heard("b-a"), "a", false), "a");
    EXPECT_EQ(best(heard("aab"), "a", false), "a");
    EXPECT_EQ(best(heard("---"), "a", false), "a");
}

TEST(SentinelChoice, AFailedAddressIsBehindTheOthersForAWhile) {
    SentinelChoice choice = heard("aab");
    choice.failed(at("a"), kNow);
    EXPECT_TRUE(choice.has_failed(at("a"), kNow));
    EXPECT_EQ(best(choice, "a", false), "b");
    EXPECT_EQ(best(choice, "a", false, kNow + 999ms), "b");
    EXPECT_EQ(best(choice, "a", false, kNow + 1000ms), "a");
    choice.failed(at("a"), kNow + 500ms);
    EXPECT_EQ(best(choice, "a", false, kNow + 1499ms), "b") << "it failed again";
    choice.failed(at("b"), kNow + 600ms);
    EXPECT_EQ(best(choice, "b", false, kNow + 700ms), "a") << "where all failed, voices count";
}

TEST(SentinelChoice, AMajorityForAFailedAddressIsNotFollowed) {
    SentinelChoice choice = heard("aab");
    choice.failed(at("a"), kNow);
    EXPECT_EQ(best(choice, "b", true), "b");
    EXPECT_EQ(best(choice, "b", true, kNow + 1000ms), "a");
}

TEST(SentinelChoice, TheLastWorkingAddressIsRemembered) {
    SentinelChoice choice = heard("b--");
    EXPECT_TRUE(choice.worked(at("a")));
    EXPECT_FALSE(choice.worked(at("a"))) << "no news";
    EXPECT_EQ(best(choice, "", false), "b");
    choice.failed(at("b"), kNow);
    EXPECT_EQ(best(choice, "b", false), "a") << "nobody names it, but it was good";
    EXPECT_TRUE(choice.worked(at("b")));
    EXPECT_FALSE(choice.has_failed(at("b"), kNow)) << "it works now";
    choice.hear(0, std::nullopt);
    EXPECT_EQ(best(choice, "", false), "b");
}

TEST(SentinelChoice, ASentinelThatNamesAnotherOneEachTimeFillsNothing) {
    SentinelChoice choice(3);
    for (int i = 0; i < 1000; ++i) {
        choice.failed(at("host-" + std::to_string(i)), kNow + i * 1ms);
    }
    int failed = 0;
    for (int i = 0; i < 1000; ++i) {
        failed += choice.has_failed(at("host-" + std::to_string(i)), kNow + 1000ms) ? 1 : 0;
    }
    EXPECT_EQ(failed, 4) << "one for each sentinel, and one that was in use";
    EXPECT_TRUE(choice.has_failed(at("host-999"), kNow + 1000ms)) << "the last ones";
}

}  // namespace
}  // namespace mfa_reset::redis
