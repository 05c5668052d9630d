// The XML form of cmocka's runner, and where it goes: standard output, or CMOCKA_XML_FILE. Beyond
// cmocka's it keeps a report readable that cmocka would break: `]]>` and control characters in a
// message, and the slash that GoogleTest puts into the names of parameterized suites.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "cmocka_form.hpp"

namespace unit_runner {
namespace {

struct CloseFile {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

File open_file(const std::string& path, const char* mode) {
    return File(std::fopen(path.c_str(), mode));
}

// Seconds with three digits after the point.
std::string seconds(std::chrono::milliseconds time) {
    const std::string rest = std::to_string(time.count() % 1000);
    return std::to_string(time.count() / 1000) + "." + std::string(3 - rest.size(), '0') + rest;
}

std::string cdata(std::string text) {
    const auto forbidden = [](unsigned char c) {
        return c < 0x20 && c != '\t' && c != '\n' && c != '\r';
    };
    std::replace_if(text.begin(), text.end(), forbidden, '?');
    constexpr std::string_view end = "]]>";
    constexpr std::string_view split = "]]]]><![CDATA[>";
    for (std::size_t at = text.find(end); at != std::string::npos;
         at = text.find(end, at + split.size())) {
        text.replace(at, end.size(), split);
    }
    return "<![CDATA[" + text + "]]>";
}

std::string file_name(std::string path, std::string group) {
    std::replace(group.begin(), group.end(), '/', '_');
    constexpr std::string_view mark = "%g";
    for (std::size_t at = path.find(mark); at != std::string::npos;
         at = path.find(mark, at + group.size())) {
        path.replace(at, mark.size(), group);
    }
    return path;
}

std::string testcase(const TestRun& run) {
    std::string text =
        "    <testcase name=\"" + run.name + "\" time=\"" + seconds(run.time) + "\" >\n";
    if (run.outcome == Outcome::failed) {
        text += "      <failure>" + cdata(run.failure) + "</failure>\n";
    } else if (run.outcome == Outcome::skipped) {
        text += "      <skipped/>\n";
    }
    return text + "    </testcase>\n";
}

std::string testsuites(const Group& group) {
    std::chrono::milliseconds total{0};
    std::string cases;
    for (const TestRun& run : group.runs) {
        total += run.time;
        cases += testcase(run);
    }
    const auto attribute = [](const char* name, std::size_t value) {
        return std::string(" ") + name + "=\"" + std::to_string(value) + "\"";
    };
    return "<testsuites>\n  <testsuite name=\"" + group.name + "\" time=\"" + seconds(total) +
           "\"" + attribute("tests", group.runs.size()) +
           attribute("failures", group.count(Outcome::failed)) + attribute("errors", group.errors) +
           attribute("skipped", group.count(Outcome::skipped)) + " >\n" + cases +
           "  </testsuite>\n</testsuites>\n";
}

class XmlForm final : public CmockaForm {
public:
    void group_end(const Group& group) override {
        const char* path = std::getenv("CMOCKA_XML_FILE");
        if (path == nullptr) {
            write(stdout, group);
            header_written_ = true;
        } else if (const File file = open_report(file_name(path, group.name))) {
            write(file.get(), group);
        } else {
            write(stderr, group);
            header_written_ = true;
        }
    }

private:
    // A file that was there before the program is left alone; once the program has made one, those
    // that it finds count as its own and grow. What cannot be written ends up on standard error.
    File open_report(const std::string& path) {
        if (open_file(path, "r") == nullptr) {
            File made = open_file(path, "w");
            has_made_files_ = has_made_files_ || made != nullptr;
            return made;
        }
        File grown = has_made_files_ ? open_file(path, "a") : nullptr;
        header_written_ = header_written_ || grown != nullptr;
        return grown;
    }

    // Every new file has a header until one has grown; cmocka is like that.
    void write(std::FILE* to, const Group& group) const {
        const std::string_view header = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n";
        const std::string text = std::string(header_written_ ? "" : header) + testsuites(group);
        static_cast<void>(std::fputs(text.c_str(), to));
        // A test of a later group that forks must not print this again.
        static_cast<void>(std::fflush(to));
    }

    bool header_written_ = false;
    bool has_made_files_ = false;
};

}  // namespace

std::unique_ptr<CmockaForm> cmocka_xml_form() { return std::make_unique<XmlForm>(); }

}  // namespace unit_runner
