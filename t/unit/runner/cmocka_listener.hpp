// Tells a form of cmocka's what GoogleTest's tests do: a test suite is a group, SetUpTestSuite and
// TearDownTestSuite are its fixtures. Takes the place of GoogleTest's own printer.
#pragma once

#include <gtest/gtest.h>

#include "cmocka_form.hpp"

namespace unit_runner {

class CmockaListener final : public testing::EmptyTestEventListener {
public:
    explicit CmockaListener(std::unique_ptr<CmockaForm> form);

    // cmocka's programs exit with the number of failed tests. Unlike them, never with 0 when
    // something else failed (cmocka does not count a group's teardown), nor past what a process
    // can say (256 would be 0).
    [[nodiscard]] int exit_status(bool passed) const;

    void OnTestSuiteStart(const testing::TestSuite& suite) override;
    void OnTestStart(const testing::TestInfo& info) override;
    void OnTestPartResult(const testing::TestPartResult& part) override;
    void OnTestEnd(const testing::TestInfo& info) override;
    void OnTestSuiteEnd(const testing::TestSuite& suite) override;
    void OnTestProgramEnd(const testing::UnitTest& program) override;

private:
    std::string take_failures();
    void tell_failures_outside();

    std::unique_ptr<CmockaForm> form_;
    Group group_;
    bool setup_failed_ = false;
    std::string failures_;  // since something was last told
    std::size_t failed_ = 0;
};

}  // namespace unit_runner
