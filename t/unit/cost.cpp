// The cost of a request before its caller is known is bounded by its bytes. Here: memory, of which
// parsers take a few times what they read at most, whatever they read. bench/hostile measures time.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "am/request.hpp"
#include "am/universal_id.hpp"
#include "am_settings.hpp"
#include "fakes.hpp"
#include "format/csv.hpp"
#include "format/json_members.hpp"
#include "format/jsv.hpp"
#include "format/xml.hpp"
#include "http/form.hpp"
#include "members_edge.hpp"

namespace mfa_reset {
namespace {

using format::kMaxMembers;
using test::repeated;

constexpr std::size_t kBody = 65536;
constexpr std::size_t kLine = 8000;  // nginx takes a request line of 8 KiB
constexpr std::array<std::string_view, 3> kNames{"targetUserId", "callerCode", "organisationId"};

/// `unit` again and again between `first` and `last`, in `size` bytes.
std::string filled(std::size_t size, std::string_view unit, std::string_view first = "",
                   std::string_view last = "") {
    const std::size_t times = (size - first.size() - last.size()) / unit.size();
    return std::string(first) + repeated(unit, times) + std::string(last);
}

/// What `work` allocates, for each byte of `text`.
double memory_per_byte(const std::string& text,
                       const std::function<void(std::string_view, Memory&)>& work) {
    test::RequestMemory memory;
    work(text, memory);
    return static_cast<double>(memory.bytes()) / static_cast<double>(text.size());
}

TEST(Cost, RecordsTakeMemoryInProportionToTheirBytes) {
    struct Row {
        test::ReadMembers read;
        std::string body;
    };
    const auto json = [](std::string_view unit, std::string_view last) {
        return filled(kBody, unit, "{\"targetUserId\":\"u\",\"x\":[", last);
    };
    const std::string fields = repeated(",", kMaxMembers - 2);
    const std::vector<Row> rows{
        {&format::read_json_members, json("{},", "{}]}")},
        {&format::read_json_members, json("\"\\n\",", "0]}")},
        {&format::read_json_members, "{" + repeated("\"\":0,", kMaxMembers - 1) + "\"\":0}"},
        {&format::read_json_members, filled(kBody, "\\n", "{\"targetUserId\":\"", "\"}")},
        {&format::read_jsv_members, "{" + repeated("a:,", kMaxMembers - 1) + "a:}"},
        {&format::read_jsv_members, filled(kBody, "\"\"", "{targetUserId:\"", "\"}")},
        {&format::read_jsv_members, filled(kBody, ",", "{x:[", "]}")},
        {&format::read_xml_members, filled(kBody, "<x/>", "<r><y>", "</y></r>")},
        {&format::read_xml_members, filled(kBody, " a=''", "<r><y", "/></r>")},
        {&format::read_xml_members, "<r>" + repeated("<x/>", kMaxMembers) + "</r>"},
        {&format::read_xml_members,
         filled(kBody, "&lt;", "<r><targetUserId>", "</targetUserId></r>")},
        {&format::read_csv_members, fields + "\n" + fields},
        {&format::read_csv_members, filled(kBody, "\"\"", "targetUserId\n\"", "\"")},
        {&http::read_form_members, repeated("a&", kMaxMembers)},
        {&http::read_form_members, repeated("%41&", kMaxMembers)},
        {&http::read_form_members, filled(kBody, "%41", "targetUserId=")},
        {&http::read_form_members, filled(kBody, "&")},
    };
    for (const Row& row : rows) {
        EXPECT_LE(memory_per_byte(row.body,
                                  [&row](std::string_view body, Memory& memory) {
                                      EXPECT_TRUE(row.read(body, memory, kNames));
                                  }),
                  3.0)
            << row.body.substr(0, 60);
    }
}

TEST(Cost, AmsPathsAndQueriesTakeMemoryInProportion) {
    std::array<am::Settings, 2> both{test::am_settings(), test::am_settings()};
    both[1].realms.add("/a/a");
    for (const std::string_view unit :
         {"/a", "/%41", "/users", "/realms/a", "/%2F", "/id=a,ou=user"}) {
        for (const am::Settings& settings : both) {
            const auto read = [&settings](std::string_view path, Memory& memory) {
                Request request{};
                request.method = "POST";
                request.path = path;
                EXPECT_EQ(am::parse_request(request, settings, memory).path.fault,
                          am::Path::Fault::none);
            };
            EXPECT_LE(memory_per_byte(filled(kLine, unit, "/json"), read), 4.0) << unit;
        }
    }
    for (const std::string_view unit : {"&", "a&", "%41&", "_action&", "realm=/a&", "+"}) {
        const auto read = [](std::string_view query, Memory& memory) {
            EXPECT_TRUE(am::parse_parameters(query, memory).well_encoded);
        };
        EXPECT_LE(memory_per_byte(filled(kLine, unit), read), 1.0) << unit;
    }
}

TEST(Cost, UniversalIdsTakeMemoryInProportion) {
    for (const auto& id :
         {filled(kLine, "\\,", "id=", ",ou=user"), filled(kLine, ",o=a", "id=a,ou=user")}) {
        EXPECT_LE(memory_per_byte(id,
                                  [](std::string_view name, Memory& memory) {
                                      EXPECT_TRUE(am::parse_universal_id(name, memory));
                                  }),
                  3.0);
    }
}

}  // namespace
}  // namespace mfa_reset
