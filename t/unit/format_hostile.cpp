// Every reader of records on broken bodies: cut off at each byte, with bytes replaced, at random,
// out of memory. No reader may read past the end (the sanitizer checks that), and its members must
// be UTF-8.
#include <gtest/gtest.h>

#include <random>

#include "format/csv.hpp"
#include "format/json_members.hpp"
#include "format/jsv.hpp"
#include "format/utf8.hpp"
#include "format/xml.hpp"
#include "http/form.hpp"
#include "members_edge.hpp"

namespace mfa_reset::format {
namespace {

using namespace std::string_view_literals;

struct Reader {
    const char* name;
    test::ReadMembers read;
    std::string_view body;      ///< well-formed, with a bit of everything
    std::string_view alphabet;  ///< the characters with a meaning in the format
    bool closed;                ///< the body's last byte closes it
};

const Reader kReaders[] = {
    {"json", &read_json_members,
     "\xEF\xBB\xBF{\"targetUserId\":\"u\\u00e9\\ud83d\\ude00\\n\",\"x\":[{\"}\":\"]\"},1],"
     "\"callerCode\":492039,\"n\":null}",
     "{}[]\",:\\u0dn \n", true},
    {"jsv", &read_jsv_members,
     "\xEF\xBB\xBF{targetUserId:\"u,\"\"1\",\"x\":[{a:b},\"]\"], callerCode : 492039\n}",
     "{}[]\",: \n", true},
    {"xml", &read_xml_members,
     "\xEF\xBB\xBF<?xml version=\"1.0\"?><!--c--><r xmlns:i='x'><a>&amp;1&#x41;<![CDATA[<]]></a>"
     "<x><y/></x><b i:nil=\"true\"/>\r\n</r>",
     "<>/&;#x!-[]?'\"= :", true},
    {"csv", &read_csv_members, "\xEF\xBB\xBF\"a,\"\"\",b\r\n1,\"2\r\n\"\r\n", "\",\r\n", false},
    {"form", &http::read_form_members, "targetUserId=u%2C1&callerCode=4+9&x=&y", "&=%+09af", false},
};

/// Reads a body. If there are members, they must be UTF-8.
bool read(const Reader& reader, std::string_view body) {
    test::ReadBody read(reader.read, body);
    if (!read.members()) {
        return false;
    }
    for (const Member& member : *read.members()) {
        EXPECT_TRUE(is_utf8(member.name) && is_utf8(member.value)) << reader.name << ": " << body;
    }
    EXPECT_LE(read.members()->size(), kMaxMembers);
    return true;
}

TEST(FormatHostile, CutOffAtEachByte) {
    for (const Reader& reader : kReaders) {
        ASSERT_TRUE(read(reader, reader.body)) << reader.name;
        for (std::size_t size = 0; size < reader.body.size(); ++size) {
            const std::string_view begun = reader.body.substr(0, size);
            const bool readable = read(reader, begun);
            if (reader.closed && !is_blank(without_byte_order_mark(begun))) {
                EXPECT_FALSE(readable) << reader.name << " " << size;
            }
        }
    }
}

TEST(FormatHostile, EachByteReplaced) {
    for (const Reader& reader : kReaders) {
        for (std::size_t at = 0; at < reader.body.size(); ++at) {
            std::string body(reader.body);
            for (unsigned value = 0; value < 256; ++value) {
                body[at] = static_cast<char>(value);
                read(reader, body);
            }
            body[at] = '\xFF';
            EXPECT_FALSE(read(reader, body)) << reader.name << " " << at;
        }
    }
}

TEST(FormatHostile, AtRandom) {
    std::mt19937 random(20260101);
    const auto below = [&random](std::size_t limit) { return random() % limit; };
    for (const Reader& reader : kReaders) {
        for (int round = 0; round < 20000; ++round) {
            std::string body = round % 2 == 0 ? std::string(reader.body) : std::string();
            for (std::size_t edits = 1 + below(12); edits > 0; --edits) {
                const std::size_t at = below(body.size() + 1);
                const char byte = below(8) == 0 ? static_cast<char>(random())
                                                : reader.alphabet[below(reader.alphabet.size())];
                switch (below(3)) {
                    case 0: body.insert(at, 1, byte); break;
                    case 1: body.replace(at, at < body.size() ? 1 : 0, 1, byte); break;
                    default: body.erase(at, below(4)); break;
                }
            }
            read(reader, body);
        }
    }
}

TEST(FormatHostile, LargeUniformBodies) {
    constexpr std::size_t kSize = 64UL * 1024;
    for (const Reader& reader : kReaders) {
        for (const char token : reader.alphabet) {
            read(reader, std::string(kSize, token));
            read(reader, std::string(reader.body) + std::string(kSize, token));
            read(reader, std::string(reader.body.substr(0, 8)) + std::string(kSize, token));
        }
        EXPECT_FALSE(read(reader, std::string(kSize, '\xC3'))) << reader.name;
    }
}

TEST(FormatHostile, OutOfMemoryThrowsBadAlloc) {
    for (const Reader& reader : kReaders) {
        bool failed = true;
        for (std::size_t pieces = 0; failed; ++pieces) {
            test::RequestMemory memory;
            memory.fail_after(pieces);
            failed = false;
            try {
                EXPECT_TRUE(reader.read(reader.body, memory, {}));
            } catch (const std::bad_alloc&) {
                failed = true;
            }
            ASSERT_LT(pieces, 100U);
            EXPECT_TRUE(failed || pieces > 0) << reader.name;
        }
    }
}

}  // namespace
}  // namespace mfa_reset::format
