// What all readers of records have in common: they keep the last of each wanted member and none of
// the others, and check and count all of them.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "format/csv.hpp"
#include "format/json_members.hpp"
#include "format/jsv.hpp"
#include "format/xml.hpp"
#include "http/form.hpp"
#include "members_edge.hpp"

namespace mfa_reset::format {
namespace {

constexpr std::array<std::string_view, 2> kWanted{"wanted", "Null"};

struct Format {
    const char* name;
    test::ReadMembers read;
    std::string_view
        body;  ///< `wanted` three times, the last one `3`; another member before and behind
    std::string_view bad;  ///< a member that is not wanted is not well-formed
    std::string many;      ///< one member more than there may be, and none is wanted
};

const Format kFormats[] = {
    {"json", &read_json_members,
     R"({"x":"\u0041","WANTED":"1","wanted":"2","Wanted":"\u0033","null":"1","NULL":null,"y":[1]})",
     R"({"wanted":"1","x":"\ud800"})", "{" + test::repeated("\"x\":0,", kMaxMembers) + "\"x\":0}"},
    {"jsv", &read_jsv_members, R"({x:"a""b",WANTED:1,wanted:"2","Wanted":"3",y:{wanted:4}})",
     R"({wanted:1,x:"})", "{" + test::repeated("x:,", kMaxMembers) + "x:}"},
    {"xml", &read_xml_members,
     "<r><x>&amp;</x><WANTED>1</WANTED><wanted>2</wanted><Wanted>&#51;</Wanted>"
     "<null>1</null><Null nil='true'/><y><wanted>4</wanted></y></r>",
     "<r><wanted>1</wanted><x>&y;</x></r>",
     "<r>" + test::repeated("<x/>", kMaxMembers + 1) + "</r>"},
    {"csv", &read_csv_members, "x,\"WAN\"\"TED\",WANTED,wanted,\"Wanted\"\n\"a\"\"\",0,1,2,3\n",
     "wanted,x\n1,\"\n",
     test::repeated("x,", kMaxMembers) + "x\n" + test::repeated(",", kMaxMembers)},
    {"form", &http::read_form_members,
     "x=%26&WANTED=1&wanted=2&W%61nte%64=%33&y=&wanted%00=4&wante=5", "wanted=1&x=%F",
     test::repeated("x&", kMaxMembers + 1)},
};

TEST(FormatMembers, KeepsTheLastOfEachWantedMember) {
    for (const Format& format : kFormats) {
        const test::ReadBody read(format.read, format.body, kWanted);
        ASSERT_TRUE(read.members()) << format.name;
        EXPECT_EQ(member(*read.members(), "wanted"), "3") << format.name;
        EXPECT_EQ(find_member(*read.members(), "null"), std::nullopt) << format.name;
        EXPECT_EQ(find_member(*read.members(), "x"), std::nullopt) << format.name;
        EXPECT_LE(read.members()->size(), kWanted.size()) << format.name;
    }
}

TEST(FormatMembers, ChecksAndCountsUnwantedMembers) {
    for (const Format& format : kFormats) {
        EXPECT_EQ(test::ReadBody(format.read, format.bad, kWanted).line(), "refused")
            << format.name;
        EXPECT_EQ(test::ReadBody(format.read, format.many, kWanted).line(), "refused")
            << format.name;
    }
}

}  // namespace
}  // namespace mfa_reset::format
