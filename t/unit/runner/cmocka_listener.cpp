// GoogleTest's events, put into the order and the terms of cmocka's runner.
#include "cmocka_listener.hpp"

#include <algorithm>
#include <utility>

namespace unit_runner {

CmockaListener::CmockaListener(std::unique_ptr<CmockaForm> form) : form_(std::move(form)) {}

int CmockaListener::exit_status(bool passed) const {
    constexpr std::size_t most = 255;
    return static_cast<int>(std::clamp<std::size_t>(failed_, passed ? 0 : 1, most));
}

void CmockaListener::OnTestSuiteStart(const testing::TestSuite& suite) {
    tell_failures_outside();
    group_ = Group{};
    group_.name = suite.name();
    group_.tests_to_run = static_cast<std::size_t>(suite.test_to_run_count());
    setup_failed_ = false;
    form_->group_start(group_);
}

// No event says that SetUpTestSuite ended: if it failed, that is what came before the first test.
// GoogleTest then shows every test as skipped; cmocka does not mention them.
void CmockaListener::OnTestStart(const testing::TestInfo& info) {
    if (group_.runs.empty() && !failures_.empty()) {
        setup_failed_ = true;
        ++group_.errors;
        form_->fixture_failed(group_, Fixture::setup, take_failures());
    }
    if (!setup_failed_) {
        form_->test_start(info.name());
    }
}

void CmockaListener::OnTestPartResult(const testing::TestPartResult& part) {
    if (!part.failed()) {
        return;
    }
    if (!failures_.empty()) {
        failures_ += '\n';
    }
    failures_ += form_->failure_text(part.message(), part.file_name(), part.line_number());
}

void CmockaListener::OnTestEnd(const testing::TestInfo& info) {
    if (setup_failed_) {
        return;
    }
    TestRun run;
    run.name = info.name();
    run.time = std::chrono::milliseconds(info.result()->elapsed_time());
    run.failure = take_failures();
    if (!run.failure.empty()) {
        run.outcome = Outcome::failed;
    } else if (info.result()->Skipped()) {
        run.outcome = Outcome::skipped;
    }
    group_.runs.push_back(run);
    form_->test_end(group_.runs.size(), run);
}

void CmockaListener::OnTestSuiteEnd(const testing::TestSuite& /*suite*/) {
    if (!failures_.empty()) {
        form_->fixture_failed(group_, Fixture::teardown, take_failures());
    }
    form_->group_end(group_);
    failed_ += group_.count(Outcome::failed) + group_.errors;
}

void CmockaListener::OnTestProgramEnd(const testing::UnitTest& /*program*/) {
    tell_failures_outside();
}

std::string CmockaListener::take_failures() { return std::exchange(failures_, std::string()); }

// Those of a global environment, which cmocka has no word for.
void CmockaListener::tell_failures_outside() {
    if (!failures_.empty()) {
        CmockaForm::failed_outside(take_failures());
    }
}

}  // namespace unit_runner
