// Bodies that a client compressed: what zlib writes is read, and nothing of any other form; within
// bounds.
#include <gtest/gtest.h>
#include <zlib.h>

#include <string>
#include <string_view>
#include <vector>

#include "fakes.hpp"
#include "http/content_encoding.hpp"

namespace mfa_reset::http {
namespace {

using namespace std::string_literals;
using test::RequestMemory;

constexpr std::size_t kMost = 65536;

enum class Format { gzip, zlib, raw };

struct Written {
    Format format = Format::gzip;
    int level = 9;
    std::size_t flushed_each = 0;  ///< ends a block after so many bytes, if not 0
};

std::string compressed(std::string_view text, Written how = {}) {
    const int bits = how.format == Format::gzip ? 31 : how.format == Format::zlib ? 15 : -15;
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, how.level, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(text.size() + text.size() / 8 + 4096, '\0');
    stream.next_out = reinterpret_cast<unsigned char*>(out.data());
    stream.avail_out = static_cast<unsigned>(out.size());
    const std::size_t piece = how.flushed_each == 0 ? text.size() : how.flushed_each;
    for (std::size_t at = 0; at + piece < text.size(); at += piece) {
        stream.next_in =
            reinterpret_cast<unsigned char*>(const_cast<char*>(text.data() + at));  // of zlib
        stream.avail_in = static_cast<unsigned>(piece);
        EXPECT_EQ(deflate(&stream, Z_BLOCK), Z_OK);
    }
    const std::size_t last = piece == 0 ? 0 : (text.size() - 1) / piece * piece;
    stream.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(text.data() + last));
    stream.avail_in = static_cast<unsigned>(text.size() - last);
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

ContentEncoding encoding_of(const std::vector<std::string>& lines) {
    ContentEncoding encoding;
    for (const std::string& line : lines) {
        encoding.read(line);
    }
    return encoding;
}

/// The body, or `too large` or `malformed`.
std::string decoded(const std::vector<std::string>& lines, const std::string& body,
                    std::size_t most = kMost) {
    RequestMemory memory;
    const Decoded result = decode_content(body, encoding_of(lines), most, memory);
    EXPECT_LE(memory.bytes(), most + 64UL * 1024) << "no more than zlib's state and the body";
    switch (result.outcome) {
        case Decoded::Outcome::good: return std::string(result.body);
        case Decoded::Outcome::too_large: return "too large";
        case Decoded::Outcome::malformed: break;
    }
    return "malformed";
}

/// Text that does not repeat soon.
std::string text_of(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i) {
        text += std::to_string(i * 2654435761U) + ",";
    }
    return text.substr(0, size);
}

TEST(HttpContentEncoding, WhatEncodersWriteIsRead) {
    for (const std::size_t size : {1UL, 100UL, 4096UL, 4097UL, 40000UL, kMost - 1, kMost}) {
        const std::string text = text_of(size);
        for (const int level : {0, 1, 9}) {
            EXPECT_EQ(decoded({"gzip"}, compressed(text, {Format::gzip, level})), text);
            EXPECT_EQ(decoded({"deflate"}, compressed(text, {Format::zlib, level})), text);
            EXPECT_EQ(decoded({"deflate"}, compressed(text, {Format::raw, level})), text);
        }
    }
    EXPECT_EQ(decoded({"gzip"}, compressed("")), "");
    EXPECT_EQ(decoded({"deflate"}, compressed("", {Format::raw})), "");
}

TEST(HttpContentEncoding, Names) {
    const std::string gzip = compressed("text");
    const std::string zlib = compressed("text", {Format::zlib});
    for (const char* const line :
         {"gzip", "GZip", "x-gzip", " gzip ", "identity, gzip", "gzip, identity", ", gzip,"}) {
        EXPECT_EQ(decoded({line}, gzip), "text") << line;
    }
    EXPECT_EQ(decoded({"Deflate"}, zlib), "text");
    EXPECT_EQ(decoded({"identity", "gzip"}, gzip), "text");
    for (const char* const line : {"", "identity", "Identity", "identity, identity"}) {
        EXPECT_EQ(decoded({line}, "text"), "text") << line;
    }
    for (const char* const line :
         {"br", "compress", "zstd", "gzipped", "gzip;q=1", "*", "gzip, gzip", "deflate, gzip"}) {
        EXPECT_EQ(decoded({line}, gzip), "malformed") << line;
    }
    EXPECT_EQ(decoded({"gzip", "gzip"}, gzip), "malformed");
    EXPECT_EQ(decoded({"gzip", "deflate"}, gzip), "malformed");
}

TEST(HttpContentEncoding, AnEmptyBodyIsEmpty) {
    EXPECT_EQ(decoded({"gzip"}, ""), "");
    EXPECT_EQ(decoded({"deflate"}, ""), "");
    EXPECT_EQ(decoded({"br"}, ""), "malformed");
}

TEST(HttpContentEncoding, SeveralMembers) {
    const std::string one = compressed("one ");
    const std::string two = compressed("two ");
    EXPECT_EQ(decoded({"gzip"}, one + two + compressed("") + one), "one two one ");
    const std::string half = text_of(kMost / 2);
    EXPECT_EQ(decoded({"gzip"}, compressed(half) + compressed(half)), half + half);
    EXPECT_EQ(decoded({"gzip"}, compressed(half) + compressed(half) + one), "too large");
    // Others have one.
    const std::string zlib = compressed("one ", {Format::zlib});
    const std::string raw = compressed("one ", {Format::raw});
    EXPECT_EQ(decoded({"deflate"}, zlib + zlib), "malformed");
    EXPECT_EQ(decoded({"deflate"}, raw + raw), "malformed");
}

TEST(HttpContentEncoding, BytesThatAreNone) {
    const std::string text = text_of(1000);
    for (const Format format : {Format::gzip, Format::zlib, Format::raw}) {
        const std::string name = format == Format::gzip ? "gzip" : "deflate";
        const std::string good = compressed(text, {format});
        for (std::size_t size = 1; size < good.size(); ++size) {
            EXPECT_EQ(decoded({name}, good.substr(0, size)), "malformed") << name << size;
        }
        for (const std::string& more : {"x"s, "\0"s, std::string(100, '\0'), "\x1F"s, good}) {
            if (format != Format::gzip || more != good) {
                EXPECT_EQ(decoded({name}, good + more), "malformed") << name;
            }
        }
        EXPECT_EQ(decoded({name}, text), "malformed") << name;
    }
    // Each format under the other's name, and a wrong checksum.
    EXPECT_EQ(decoded({"deflate"}, compressed(text)), "malformed");
    EXPECT_EQ(decoded({"gzip"}, compressed(text, {Format::zlib})), "malformed");
    std::string wrong = compressed(text);
    wrong[wrong.size() - 6] = static_cast<char>(wrong[wrong.size() - 6] ^ 1);
    EXPECT_EQ(decoded({"gzip"}, wrong), "malformed");
    // zlib's header with a dictionary, which is not sent with it.
    EXPECT_EQ(decoded({"deflate"}, "\x78\xBB\0\0\0\1"s), "malformed");
}

TEST(HttpContentEncoding, ABombStopsAtTheLimit) {
    const std::string bomb = compressed(std::string(50'000'000, 'a'));
    ASSERT_LT(bomb.size(), kMost);
    EXPECT_EQ(decoded({"gzip"}, bomb), "too large");
    EXPECT_EQ(decoded({"gzip"}, bomb.substr(0, 1000)), "too large") << "what follows is not read";
    for (const Format format : {Format::zlib, Format::raw}) {
        EXPECT_EQ(decoded({"deflate"}, compressed(std::string(kMost + 1, 'a'), {format})),
                  "too large");
    }
    EXPECT_EQ(decoded({"gzip"}, compressed("1234567"), 7), "1234567");
    EXPECT_EQ(decoded({"gzip"}, compressed("12345678"), 7), "too large");
}

TEST(HttpContentEncoding, ManySmallBlocksAreNoBody) {
    const std::string text = text_of(20000);
    EXPECT_EQ(decoded({"gzip"}, compressed(text, {.flushed_each = 2000})), text);
    EXPECT_EQ(decoded({"gzip"}, compressed(text, {.flushed_each = 400})), "malformed");
    std::string members;
    for (std::size_t i = 0; i < kMaxSteps / 2; ++i) {
        members += compressed("");
    }
    EXPECT_EQ(decoded({"gzip"}, members), "");
    EXPECT_EQ(decoded({"gzip"}, members + members), "malformed");
}

TEST(HttpContentEncoding, ManyMarksOfAFewBytesAreNoBody) {
    for (const char mark : std::string_view(",{[<&=\"\\%")) {
        const std::string few = std::string(kMaxMarks, mark) + std::string(kMost - kMaxMarks, 'a');
        EXPECT_TRUE(decoded({"gzip"}, compressed(few)) == few) << mark;
        EXPECT_EQ(decoded({"gzip"}, compressed(std::string(kMost, mark))), "malformed") << mark;
    }
    // Each byte that was sent allows for two.
    const std::string text = text_of(kMost);
    EXPECT_TRUE(decoded({"gzip"}, compressed(text)) == text);
}

TEST(HttpContentEncoding, BlocksCountForWhatTheyCost) {
    const std::string text(kMost - 100, 'a');
    EXPECT_TRUE(decoded({"gzip"}, compressed(text, {.flushed_each = 30000})) == text);
    EXPECT_EQ(decoded({"gzip"}, compressed(text, {.flushed_each = 5000})), "too large");
    EXPECT_EQ(decoded({"gzip"}, compressed(text.substr(0, 20000), {.flushed_each = 2000})),
              text.substr(0, 20000));
}

TEST(HttpContentEncoding, WithoutMemory) {
    const std::string body = compressed(text_of(60000));
    for (std::size_t pieces = 0; pieces < 4; ++pieces) {
        RequestMemory memory;
        memory.fail_after(pieces);
        EXPECT_THROW(decode_content(body, encoding_of({"gzip"}), kMost, memory), std::bad_alloc);
    }
}

}  // namespace
}  // namespace mfa_reset::http
