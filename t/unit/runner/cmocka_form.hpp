// What cmocka's runner prints for a group of tests, in each of the forms that it knows. Nothing
// here knows GoogleTest: the listener says what happened, a form says it in cmocka's words.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace unit_runner {

enum class Outcome { passed, failed, skipped };

struct TestRun {
    std::string name;
    Outcome outcome = Outcome::passed;
    std::string failure;
    std::chrono::milliseconds time{0};
};

// cmocka counts an error where it could not run a test, a failure where the test itself failed.
struct Group {
    std::string name;
    std::size_t tests_to_run = 0;
    std::size_t errors = 0;
    std::vector<TestRun> runs;

    [[nodiscard]] std::size_t count(Outcome outcome) const;
};

enum class Fixture { setup, teardown };

class CmockaForm {
public:
    CmockaForm() = default;
    CmockaForm(const CmockaForm&) = delete;
    CmockaForm& operator=(const CmockaForm&) = delete;
    CmockaForm(CmockaForm&&) = delete;
    CmockaForm& operator=(CmockaForm&&) = delete;
    virtual ~CmockaForm() = default;

    virtual void group_start(const Group& /*group*/) {}
    virtual void test_start(const std::string& /*name*/) {}
    virtual void test_end(std::size_t /*number*/, const TestRun& /*run*/) {}
    virtual void group_end(const Group& /*group*/) {}

    // A group's setup or teardown failed. In every form the reason goes to standard error.
    void fixture_failed(const Group& group, Fixture fixture, const std::string& failure);
    // A failure that belongs to no group.
    static void failed_outside(const std::string& failure);

    // The text of one failed check: what it says, and where it is when that is known.
    [[nodiscard]] std::string failure_text(std::string_view message, const char* file,
                                           int line) const;

protected:
    virtual void error(const std::string& /*name*/, const std::string& /*reason*/) {}
    [[nodiscard]] virtual std::string_view place_mark() const { return ""; }
};

// The form that the value of CMOCKA_MESSAGE_OUTPUT asks for, read as cmocka reads it: case does not
// matter, and what it does not know is its standard form. None when the variable is not set or
// empty: then the program is a plain GoogleTest one.
std::unique_ptr<CmockaForm> cmocka_form(const char* asked);

// The form of CMOCKA_MESSAGE_OUTPUT=XML.
std::unique_ptr<CmockaForm> cmocka_xml_form();

}  // namespace unit_runner
