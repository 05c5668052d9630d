// The groups of sample_cmocka.c in GoogleTest, then results that cmocka has no equal of. A failure
// here says what cmocka's assert_* say there, so that the two programs print the same words.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

testing::AssertionResult says(const char* /*expression*/, const std::string& words) {
    return testing::AssertionFailure() << words;
}

class Good : public testing::Test {
protected:
    static void SetUpTestSuite() { SUCCEED(); }
    static void TearDownTestSuite() { SUCCEED(); }
};

TEST_F(Good, passes) { SUCCEED(); }
TEST_F(Good, skips) { GTEST_SKIP(); }

TEST(Mixed, passes) { SUCCEED(); }
TEST(Mixed, fails) { ASSERT_PRED_FORMAT1(says, ""); }
TEST(Mixed, skips) { GTEST_SKIP(); }
TEST(Mixed, fails_in_one_line) { ASSERT_PRED_FORMAT1(says, "0x1 != 0x2"); }
TEST(Mixed, fails_in_several_lines) { ASSERT_PRED_FORMAT1(says, "\"one\n\ntwo\" != \"three\""); }

class SetupFails : public testing::Test {
protected:
    static void SetUpTestSuite() { ASSERT_PRED_FORMAT1(says, "0x3 != 0x4"); }
};

TEST_F(SetupFails, passes) { SUCCEED(); }
TEST_F(SetupFails, skips) { GTEST_SKIP(); }

class TeardownFails : public testing::Test {
protected:
    static void TearDownTestSuite() { ASSERT_PRED_FORMAT1(says, "0x3 != 0x4"); }
};

TEST_F(TeardownFails, passes) { SUCCEED(); }
TEST_F(TeardownFails, skips) { GTEST_SKIP(); }

TEST(Beyond, fails_twice) {
    EXPECT_PRED_FORMAT1(says, "first");
    EXPECT_PRED_FORMAT1(says, "second");
}
TEST(Beyond, fails_and_skips) {
    EXPECT_PRED_FORMAT1(says, "before the skip");
    GTEST_SKIP();
}
TEST(Beyond, throws) { throw std::runtime_error("nobody's"); }
TEST(Beyond, ends_cdata) { FAIL() << "a[b[0]]>1 \x01\t"; }
TEST(Beyond, says_much) { FAIL() << std::string(5000, 'm'); }

TEST(Beyond, takes_time) { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }
TEST(Beyond, ends_its_line) { FAIL() << "here\n"; }

class Parameterized : public testing::TestWithParam<int> {};

TEST_P(Parameterized, passes) { SUCCEED(); }

INSTANTIATE_TEST_SUITE_P(Slash, Parameterized, testing::Values(1, 2));

// Fails where SAMPLE_ENVIRONMENT_FAILS says.
class Environment : public testing::Environment {
public:
    void SetUp() override { fail_in("SetUp"); }
    void TearDown() override { fail_in("TearDown"); }

private:
    static void fail_in(const std::string& place) {
        const char* chosen = std::getenv("SAMPLE_ENVIRONMENT_FAILS");
        if (chosen != nullptr && place == chosen) {
            ASSERT_PRED_FORMAT1(says, "0x5 != 0x6");
        }
    }
};

const auto* const environment = testing::AddGlobalTestEnvironment(new Environment);

}  // namespace
