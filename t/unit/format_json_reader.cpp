// JSON read token by token, compared with jansson: both refuse the same texts, at the same place.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "fakes.hpp"
#include "format/json_reader.hpp"
#include "jansson_oracle.hpp"

namespace mfa_reset::format {
namespace {

using namespace std::string_view_literals;
using Token = JsonReader::Token;

/// The tokens of a text, one character each, with the text of names, strings, numbers and booleans.
std::string tokens_of(std::string_view text) {
    test::RequestMemory memory;
    JsonReader reader(text, JsonReader::kMaxDepth);
    std::string line;
    for (;;) {
        const Token token = reader.next();
        line += "{}[]:s#?0.!"[static_cast<std::size_t>(token)];
        switch (token) {
            case Token::name:
            case Token::string:
            case Token::number:
            case Token::boolean: line.append(reader.text(memory)).append(" "); break;
            case Token::end:
            case Token::fault: return line;
            default: break;
        }
    }
}

TEST(FormatJsonReader, ReadsTokens) {
    EXPECT_EQ(tokens_of(R"( {"a":[1,-2.50e3,"x\ny"],"\u0062":{},"c":true,"d":null} )"),
              "{:a [#1 #-2.50e3 sx\ny ]:b {}:c ?true :d 0}.");
    EXPECT_EQ(tokens_of("false"), "?false .");
    EXPECT_EQ(tokens_of("[[],1] x"), "[[]#1 ]!");
    EXPECT_EQ(tokens_of(R"({"a":1,})"), "{:a #1 !");
    EXPECT_EQ(tokens_of(""), "!");
}

TEST(FormatJsonReader, StaysAtTheEndAndAtAFault) {
    JsonReader good("1", 1);
    JsonReader bad("[,", 1);
    good.next();
    bad.next();
    for (int time = 0; time < 3; ++time) {
        EXPECT_EQ(good.next(), Token::end);
        EXPECT_EQ(bad.next(), Token::fault);
        EXPECT_TRUE(good.skip());
        EXPECT_FALSE(bad.skip());
    }
}

TEST(FormatJsonReader, SkipsTheRestOfAContainer) {
    JsonReader reader(R"({"a":{"x":[1,{"y":"]}"}],"z":{}},"b":[],"c":"]"})", 8);
    reader.next();
    for (const std::string_view name : {"a", "b", "c"}) {
        ASSERT_EQ(reader.next(), Token::name);
        EXPECT_EQ(reader.raw(), name);
        reader.next();
        EXPECT_TRUE(reader.skip());
        EXPECT_EQ(reader.depth(), 1U);
    }
    EXPECT_EQ(reader.next(), Token::end_object);
    EXPECT_EQ(reader.next(), Token::end);
}

/// Checks a text by its tokens alone, without skip(), which has a loop of its own.
JsonFault fault_by_tokens(std::string_view text, std::size_t max_depth) {
    JsonReader reader(text, max_depth);
    Token token = reader.next();
    while (token != Token::end && token != Token::fault) {
        token = reader.next();
    }
    return reader.fault();
}

void expect_as_jansson(const std::string& text, std::size_t max_depth) {
    const JsonSyntax ours = check_json(text, max_depth);
    if (text.find('\0') != std::string::npos) {
        EXPECT_NE(ours.fault, JsonFault::none) << testing::PrintToString(text);
        return;
    }
    const JsonSyntax theirs = test::ask_jansson(text, max_depth);
    ASSERT_EQ(ours.fault, theirs.fault) << testing::PrintToString(text);
    ASSERT_EQ(ours.line, theirs.line) << testing::PrintToString(text);
    ASSERT_EQ(ours.column, theirs.column) << testing::PrintToString(text);
    if (!is_blank(text)) {
        ASSERT_EQ(fault_by_tokens(text, max_depth) == JsonFault::none,
                  ours.fault == JsonFault::none)
            << testing::PrintToString(text);
    }
}

const std::string_view kPieces[] = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\"a\"",
    "\"\"",
    "\\",
    "\\n",
    "\\u",
    "\\u0041",
    "\\u00",
    "\\ud83d",
    "\\udd11",
    "\\u0000",
    "true",
    "false",
    "null",
    "nul",
    "t",
    "-",
    "0",
    "01",
    "12",
    ".",
    "1.5",
    "e",
    "E+3",
    "1e999",
    "1e308",
    " ",
    "\n",
    "\t",
    "\r",
    "\xC3\xA9",
    "\xE2\x82\xAC",
    "\xF0\x9F\x98\x80",
    "\xFF",
    "\xC3",
    "\x01",
    "\x7F",
    "abcdefgh",
    "{}",
    "[]",
    "\"a\":",
    "\0"sv,
};

TEST(FormatJsonReader, AgreesWithJanssonOnPiecesAtRandom) {
    std::mt19937 random(8259);
    for (int round = 0; round < 200'000; ++round) {
        std::string text;
        for (std::size_t count = random() % 12; count > 0; --count) {
            text += kPieces[random() % std::size(kPieces)];
        }
        ASSERT_NO_FATAL_FAILURE(expect_as_jansson(text, 3));
    }
}

/// A JSON value that uses all of the grammar.
std::string value_at_random(std::mt19937& random, std::size_t depth) {
    const auto blank = [&random] {
        const std::string_view blanks[] = {"", "", "", " ", "\n", "\r\n\t"};
        return std::string(blanks[random() % std::size(blanks)]);
    };
    const auto text = [&random] {
        const std::string_view parts[] = {"a",
                                          "\\n",
                                          "\\u00e9",
                                          "\\ud83d\\udd11",
                                          "\xC3\xA9",
                                          "\xE2\x82\xAC",
                                          "]",
                                          "{",
                                          "long enough for a word",
                                          "\\\"",
                                          "\\\\",
                                          "\xF0\x9F\x98\x80"};
        std::string quoted = "\"";
        for (std::size_t count = random() % 4; count > 0; --count) {
            quoted += parts[random() % std::size(parts)];
        }
        return quoted + "\"";
    };
    const std::string_view scalars[] = {
        "0",    "-1",    "1.50", "2e7",   "3E-2",  "12345678901234567890123",
        "true", "false", "null", "0.0e0", "1e308", "-0"};
    const std::size_t kind = random() % (depth > 0 ? 4 : 2);
    if (kind < 2) {
        return kind == 0 ? text() : std::string(scalars[random() % std::size(scalars)]);
    }
    std::string value = kind == 2 ? "{" : "[";
    for (std::size_t count = random() % 4; count > 0; --count) {
        value += blank() + (kind == 2 ? text() + blank() + ":" + blank() : "");
        value += value_at_random(random, depth - 1) + blank() + (count > 1 ? "," : "");
    }
    return value + blank() + (kind == 2 ? "}" : "]");
}

TEST(FormatJsonReader, AgreesWithJanssonOnJsonWithFaultsInIt) {
    std::mt19937 random(7159);
    for (int round = 0; round < 20'000; ++round) {
        std::string text = value_at_random(random, 5);
        ASSERT_EQ(check_json(text, 64).fault, JsonFault::none) << text;
        ASSERT_NO_FATAL_FAILURE(expect_as_jansson(text, 4));
        for (std::size_t edits = 1 + random() % 2; edits > 0; --edits) {
            const std::size_t at = random() % text.size();
            switch (random() % 3) {
                case 0: text.insert(at, kPieces[random() % std::size(kPieces)]); break;
                case 1: text[at] = static_cast<char>(random()); break;
                default: text.erase(at, 1 + random() % 2); break;
            }
            if (text.empty()) {
                break;
            }
            ASSERT_NO_FATAL_FAILURE(expect_as_jansson(text, 64));
        }
    }
}

TEST(FormatJsonReader, AgreesWithJanssonOnWhichNumbersADoubleHolds) {
    std::vector<std::string> numbers{"1e308",
                                     "1e309",
                                     "0e999",
                                     "0.0e99999999999999999999",
                                     "1e-999",
                                     "1e99999999999999999999",
                                     "17976931348623157e292",
                                     "17976931348623158e292",
                                     "17976931348623159e292"};
    std::string limit;  // of 309 digits: the least integer that is rounded to infinity
    const std::string digits =
        "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017"
        "977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273"
        "854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704"
        "342711559699508093042880177904174497792";
    ASSERT_EQ(digits.size(), 309U);
    for (std::size_t at = 0; at < digits.size(); ++at) {
        for (const int change : {-1, 0, 1}) {
            limit = digits;
            const int digit = limit[at] - '0' + change;
            if (digit < (at == 0 ? 1 : 0) || digit > 9) {
                continue;
            }
            limit[at] = static_cast<char>('0' + digit);
            numbers.insert(numbers.end(), {limit, limit + ".0", limit + "0",
                                           limit.substr(0, at + 1) + "e" + std::to_string(308 - at),
                                           limit.substr(0, 1) + "." + limit.substr(1) + "e308",
                                           "0.000" + limit + "e312", "-" + limit + "e0"});
        }
    }
    for (const std::string& number : numbers) {
        ASSERT_NO_FATAL_FAILURE(expect_as_jansson(number, 1));
    }
}

}  // namespace
}  // namespace mfa_reset::format
