// What the store is asked, and what the log is told: by whom, for whom, and why not.
#include <gtest/gtest.h>

#include <string>

#include "oaa_edge.hpp"

namespace mfa_reset::test {
namespace {

using Verdict = ResetAnswer::Verdict;

TEST(OaaStore, TheOrder) {
    OaaEdge edge;
    edge.serve({});
    ASSERT_EQ(edge.store.orders.size(), 1U);
    const ResetOrder& order = edge.store.orders[0];
    EXPECT_EQ(order.api, "oaa");
    EXPECT_EQ(order.caller, "portal");
    EXPECT_EQ(order.context, "edbe55c6-438f-448f-a742-9925b6471fe1");
    EXPECT_EQ(order.type, "ChallengeOMATOTP");
    EXPECT_EQ(order.subject_case, SubjectCase::ascii);
    EXPECT_EQ(order.remote_address, "192.0.2.7");
    EXPECT_EQ(edge.trace.caller, "portal");
    EXPECT_EQ(edge.trace.action, "reset-ChallengeOMATOTP");
    EXPECT_EQ(edge.trace.result, Result::ok);
}

TEST(OaaStore, SettingsInTheOrder) {
    OaaEdge edge;
    edge.settings.subject_case = SubjectCase::exact;
    edge.settings.more_types = {"ChallengeVoice", "x.y_z-1"};
    OaaRequest request;
    request.query = "contextId=c&challengeType=x.y_z-1";
    request.credentials("Basic b3RoZXI6azI=");
    EXPECT_EQ(edge.serve(request).status, 200);
    const ResetOrder& order = edge.store.orders.at(0);
    EXPECT_EQ(order.caller, "other");
    EXPECT_EQ(order.type, "x.y_z-1");
    EXPECT_EQ(order.subject_case, SubjectCase::exact);
}

TEST(OaaStore, Parameters) {
    const struct {
        std::string_view query;
        std::string_view type;
        std::string_view context;
    } table[] = {
        {"challengeType=ChallengeEmail&contextId=c", "ChallengeEmail", "c"},
        {"contextId=c&challengeType=ChallengeSMS", "ChallengeSMS", "c"},
        {"&&contextId=c&&challengeType=ChallengeYOTP&", "ChallengeYOTP", "c"},
        {"contextId=A-Z.a_z~09&challengeType=ChallengeFIDO2", "ChallengeFIDO2", "A-Z.a_z~09"},
        {"context%49d=%63&challengeT%79pe=Challenge%53MS", "ChallengeSMS", "c"},
        {"contextId=c&challengeType=ChallengeSMS&x=%&y&contextid=d&ChallengeType=z&%zz=1",
         "ChallengeSMS", "c"},
        {"x=1&x=2&contextId=c&challengeType=ChallengeSMS", "ChallengeSMS", "c"},
        {"contextId+=d&contextId=c&challengeType=ChallengeSMS", "ChallengeSMS", "c"},
    };
    for (const auto& row : table) {
        OaaEdge edge;
        OaaRequest request;
        request.query = row.query;
        EXPECT_EQ(edge.serve(request).status, 200) << row.query;
        ASSERT_EQ(edge.store.orders.size(), 1U) << row.query;
        EXPECT_EQ(edge.store.orders[0].type, row.type);
        EXPECT_EQ(edge.store.orders[0].context, row.context);
    }
    OaaEdge edge;
    OaaRequest request;
    const std::string longest = "challengeType=ChallengeSMS&contextId=" + std::string(128, 'c');
    request.query = longest;
    EXPECT_EQ(edge.serve(request).status, 200);
}

TEST(OaaStore, ParametersThatAreRefused) {
    const std::string long_id = "challengeType=ChallengeSMS&contextId=" + std::string(129, 'c');
    constexpr std::string_view kBadId = "contextId has a character that none has, or more than 128";
    constexpr std::string_view kUnknownType = "challengeType is not known";
    const struct {
        std::string_view query;
        std::string_view reason;
        Result result;
    } table[] = {
        {"", "challengeType is missing or empty", Result::malformed},
        {"contextId=c", "challengeType is missing or empty", Result::malformed},
        {"contextId=c&challengeType", "challengeType is missing or empty", Result::malformed},
        {"contextId=c&challengeType=", "challengeType is missing or empty", Result::malformed},
        {"contextId=c&challengetype=ChallengeSMS", "challengeType is missing or empty",
         Result::malformed},
        {"challengeType=ChallengeSMS", "contextId is missing or empty", Result::malformed},
        {"challengeType=ChallengeSMS&contextId=", "contextId is missing or empty",
         Result::malformed},
        {"challengeType=ChallengeSMS;contextId=c", "contextId is missing or empty",
         Result::malformed},
        {"challengeType=ChallengeSMS&contextId=c&contextId=c", "contextId is given twice",
         Result::malformed},
        {"challengeType=ChallengeSMS&contextId=&contextId=c", "contextId is given twice",
         Result::malformed},
        {"challengeType=ChallengeSMS&contextId=%&context%49d=c", "contextId is given twice",
         Result::malformed},
        {"challengeType=ChallengeSMS&contextId=c&challengeType=ChallengeSMS",
         "challengeType is given twice", Result::malformed},
        {"challengeType=ChallengeSMS&contextId=%", "contextId has a bad percent-encoding",
         Result::malformed},
        {"challengeType=%zz&contextId=c", "challengeType has a bad percent-encoding",
         Result::malformed},
        {"challengeType=challengesms&contextId=c", kUnknownType, Result::unknown},
        {"challengeType=ChallengeSMS+&contextId=c", kUnknownType, Result::unknown},
        {"challengeType=ChallengeSMS%00&contextId=c", kUnknownType, Result::unknown},
        {"challengeType=ChallengeSMS%20lock:x&contextId=c", kUnknownType, Result::unknown},
        {"challengeType=x&contextId=c", kUnknownType, Result::unknown},
        {"challengeType=ChallengeSMS&contextId=a+b", kBadId, Result::malformed},
        {"challengeType=ChallengeSMS&contextId=a/b", kBadId, Result::malformed},
        {"challengeType=ChallengeSMS&contextId=%7B/alpha/demo%7D", kBadId, Result::malformed},
        {"challengeType=ChallengeSMS&contextId=a%00", kBadId, Result::malformed},
        {"challengeType=ChallengeSMS&contextId=a%0D%0A", kBadId, Result::malformed},
        {"challengeType=ChallengeSMS&contextId=%C3%A4", kBadId, Result::malformed},
        {"challengeType=ChallengeSMS&contextId=a:b", kBadId, Result::malformed},
        {"challengeType=ChallengeSMS&contextId=*", kBadId, Result::malformed},
        {long_id, kBadId, Result::malformed},
    };
    for (const auto& row : table) {
        OaaEdge edge;
        OaaRequest request;
        request.query = row.query;
        EXPECT_EQ(edge.serve(request).status, 404) << row.query;
        EXPECT_EQ(edge.trace.reason, row.reason) << row.query;
        EXPECT_EQ(edge.trace.result, row.result) << row.query;
        EXPECT_EQ(edge.trace.action, "") << row.query;
        EXPECT_TRUE(edge.store.orders.empty()) << row.query;
    }
}

TEST(OaaStore, Credentials) {
    const std::string long_key = "Basic cG9ydGFs" + std::string(1100, 'O');
    const struct {
        std::string_view value;
        std::string_view reason;
    } table[] = {
        {"", "malformed credentials"},
        {"Basic", "malformed credentials"},
        {"Bearer cG9ydGFsOms6MQ==", "malformed credentials"},
        {"Basic cG9ydGFsOms6MQ", "malformed credentials"},
        {"Basic cG9ydGFs", "malformed credentials"},
        {"Basic Og==", "malformed credentials"},
        {"Basic cG9ydGFsOg==", "malformed credentials"},
        {long_key, "malformed credentials"},
        {"Basic cG9ydGFsOms6Mg==", "wrong name or key"},
        {"Basic b3RoZXI6azox", "wrong name or key"},
        {"Basic UG9ydGFsOms6MQ==", "wrong name or key"},
        {"Basic cG9ydGFsOms=", "wrong name or key"},
    };
    for (const auto& row : table) {
        OaaEdge edge;
        EXPECT_EQ(edge.serve(OaaRequest().credentials(row.value)).status, 401) << row.value;
        EXPECT_EQ(edge.trace.reason, row.reason) << row.value;
        EXPECT_EQ(edge.trace.result, Result::unauthenticated);
        EXPECT_EQ(edge.trace.caller, "");
    }
    OaaEdge none;
    EXPECT_EQ(none.serve(OaaRequest().without("authorization")).status, 401);
    EXPECT_EQ(none.trace.reason, "no credentials");
    OaaEdge twice;
    EXPECT_EQ(twice.serve(OaaRequest().with("Authorization", "Basic cG9ydGFsOms6MQ==")).status,
              401);
    EXPECT_EQ(twice.trace.reason, "more than one Authorization header");
}

TEST(OaaStore, Verdicts) {
    using Kind = Failure::Kind;
    const auto failed = [](Kind kind) { return ResetAnswer{Failure{kind, "why"}}; };
    const struct {
        ResetAnswer answer;
        Result result;
        std::string_view reason;
    } table[] = {
        {{{}, Verdict::done}, Result::ok, ""},
        {{{}, Verdict::nothing}, Result::none, ""},
        {{{}, Verdict::no_record}, Result::none, ""},
        {{{}, Verdict::unknown}, Result::unknown, "no such context"},
        {failed(Kind::unavailable), Result::unavailable, "why"},
        {failed(Kind::uncertain), Result::uncertain, "why"},
        {failed(Kind::broken), Result::uncertain, "why"},
    };
    for (const auto& row : table) {
        OaaEdge edge;
        edge.store.suspends = true;
        edge.store.answer = row.answer;
        edge.store.answer.target = {"/alpha", "demo"};
        ASSERT_EQ(edge.start({}), Driver::State::suspended);
        ASSERT_EQ(edge.resume(), Driver::State::done);
        EXPECT_EQ(edge.trace.result, row.result);
        EXPECT_EQ(edge.trace.reason, row.reason);
        EXPECT_EQ(edge.trace.realm, "/alpha");
        EXPECT_EQ(edge.trace.target, "demo");
    }
}

TEST(OaaStore, NoMemory) {
    OaaEdge counting;
    counting.serve({});
    for (std::size_t pieces = 0; pieces < counting.memory.pieces(); ++pieces) {
        OaaEdge edge;
        edge.memory.fail_after(pieces);
        EXPECT_EQ(edge.start({}), Driver::State::done);
        EXPECT_FALSE(edge.driver.response()) << pieces;
    }
}

TEST(OaaStore, ChallengeTypes) {
    for (const std::string_view name : {"x", "ChallengeVoice", "a.b_c-1"}) {
        EXPECT_TRUE(oaa::is_challenge_type(name)) << name;
    }
    for (const std::string_view name :
         {"", "a b", "a:b", "lock:x", "\xC3\xA4", "a/b", "a\n", "{a}", "*"}) {
        EXPECT_FALSE(oaa::is_challenge_type(name)) << name;
    }
    EXPECT_TRUE(oaa::is_challenge_type(std::string(64, 'x')));
    EXPECT_FALSE(oaa::is_challenge_type(std::string(65, 'x')));
}

}  // namespace
}  // namespace mfa_reset::test
