// The line forms of cmocka's runner: standard, TAP and subunit. Their model is cmocka 1.1.5, to the
// byte, oddities included; what goes to which stream is part of the form.
#include "cmocka_form.hpp"

#include <strings.h>

#include <algorithm>
#include <cstdio>

namespace unit_runner {
namespace {

// Flushed at once, as cmocka does: what a test prints itself stays in its place.
void print_to(std::FILE* stream, const std::string& text) {
    static_cast<void>(std::fputs(text.c_str(), stream));
    static_cast<void>(std::fflush(stream));
}

void print(const std::string& text) { print_to(stdout, text); }

void print_error(const std::string& text) { print_to(stderr, text); }

class StandardForm final : public CmockaForm {
public:
    void group_start(const Group& group) override {
        print("[==========] Running " + std::to_string(group.tests_to_run) + " test(s).\n");
    }

    void test_start(const std::string& name) override { print("[ RUN      ] " + name + "\n"); }

    void test_end(std::size_t /*number*/, const TestRun& run) override {
        if (run.outcome == Outcome::failed) {
            print_error("[  ERROR   ] --- " + run.failure + "\n");
        }
        print(mark(run.outcome) + run.name + "\n");
    }

    void group_end(const Group& group) override {
        const std::size_t failed = group.count(Outcome::failed);
        const std::size_t skipped = group.count(Outcome::skipped);
        print("[==========] " + std::to_string(group.runs.size()) + " test(s) run.\n");
        print_error("[  PASSED  ] " + std::to_string(group.count(Outcome::passed)) + " test(s).\n");
        if (skipped != 0) {
            list(group, Outcome::skipped);
            print_error("\n " + std::to_string(skipped) + " SKIPPED TEST(S)\n");
        }
        if (failed != 0) {
            list(group, Outcome::failed);
            print_error("\n " + std::to_string(failed + group.errors) + " FAILED TEST(S)\n");
        }
    }

protected:
    void error(const std::string& name, const std::string& reason) override {
        print_error(reason + "\n");
        print_error("[  ERROR   ] " + name + "\n");
    }

    [[nodiscard]] std::string_view place_mark() const override { return "[   LINE   ] --- "; }

private:
    static std::string mark(Outcome outcome) {
        switch (outcome) {
            case Outcome::failed: return "[  FAILED  ] ";
            case Outcome::skipped: return "[  SKIPPED ] ";
            case Outcome::passed: break;
        }
        return "[       OK ] ";
    }

    static void list(const Group& group, Outcome outcome) {
        print_error(mark(outcome) + std::to_string(group.count(outcome)) +
                    " test(s), listed below:\n");
        for (const TestRun& run : group.runs) {
            if (run.outcome == outcome) {
                print_error(mark(outcome) + run.name + "\n");
            }
        }
    }
};

// Every group has a plan of its own and counts from one; a skipped test is `not ok`.
class TapForm final : public CmockaForm {
public:
    void group_start(const Group& group) override {
        print("1.." + std::to_string(group.tests_to_run) + "\n");
    }

    void test_end(std::size_t number, const TestRun& run) override {
        const std::string point = std::to_string(number);
        switch (run.outcome) {
            case Outcome::passed: print("ok " + point + " - " + run.name + "\n"); break;
            case Outcome::skipped: print("not ok " + point + " # SKIP " + run.name + "\n"); break;
            case Outcome::failed:
                print("not ok " + point + " - " + run.name + "\n" + comment(run.failure));
                break;
        }
    }

    void group_end(const Group& group) override {
        const bool good = group.count(Outcome::failed) == 0;
        print(std::string("# ") + (good ? "ok" : "not ok") + " - " + group.name + "\n");
    }

protected:
    void error(const std::string& name, const std::string& reason) override {
        print("not ok 0 - " + name + " " + reason + "\n");
    }

private:
    static std::string comment(std::string_view text) {
        std::string lines;
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            lines.append("# ").append(text.substr(0, end)).append("\n");
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        return lines;
    }
};

class SubunitForm final : public CmockaForm {
public:
    void test_start(const std::string& name) override { print("test: " + name + "\n"); }

    void test_end(std::size_t /*number*/, const TestRun& run) override {
        switch (run.outcome) {
            case Outcome::passed: print("success: " + run.name + "\n"); break;
            case Outcome::skipped: print("skip: " + run.name + "\n"); break;
            case Outcome::failed:
                print("failure: " + run.name + " [\n" + run.failure + "\n]\n");
                break;
        }
    }

protected:
    void error(const std::string& name, const std::string& reason) override {
        print("error: " + name + " [ " + reason + " ]\n");
    }
};

}  // namespace

std::size_t Group::count(Outcome outcome) const {
    return static_cast<std::size_t>(
        std::count_if(runs.begin(), runs.end(),
                      [outcome](const TestRun& run) { return run.outcome == outcome; }));
}

void CmockaForm::fixture_failed(const Group& group, Fixture fixture, const std::string& failure) {
    failed_outside(failure);
    error(group.name,
          std::string("[  FAILED  ] GROUP ") + (fixture == Fixture::setup ? "SETUP" : "TEARDOWN"));
}

void CmockaForm::failed_outside(const std::string& failure) {
    print_error("[  ERROR   ] --- " + failure + "\n");
}

std::string CmockaForm::failure_text(std::string_view message, const char* file, int line) const {
    std::string text(message);
    if (file == nullptr) {  // an exception that nobody caught
        return text;
    }
    if (!text.empty() && text.back() != '\n') {
        text += '\n';
    }
    return text.append(place_mark()) + file + ":" + std::to_string(line) + ": error: Failure!";
}

std::unique_ptr<CmockaForm> cmocka_form(const char* asked) {
    if (asked == nullptr || *asked == '\0') {
        return nullptr;
    }
    if (strcasecmp(asked, "TAP") == 0) {
        return std::make_unique<TapForm>();
    }
    if (strcasecmp(asked, "XML") == 0) {
        return cmocka_xml_form();
    }
    if (strcasecmp(asked, "SUBUNIT") == 0) {
        return std::make_unique<SubunitForm>();
    }
    return std::make_unique<StandardForm>();
}

}  // namespace unit_runner
