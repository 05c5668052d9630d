// Looks for what takes a parser the most work for its bytes. Work is how many branches of the
// library were taken, which repeats, as clang's coverage counts them. An input is one short text
// again and again: no parser remembers more than that. What was found is put among the rows of
// bench/hostile, which measures time.
//     dearest [TRIES]     of each parser: the work for a byte of a plain text, and the dearest
//     texts
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "am/parameters.hpp"
#include "am/path.hpp"
#include "am/universal_id.hpp"
#include "am/version.hpp"
#include "auth/basic.hpp"
#include "fakes.hpp"
#include "format/csv.hpp"
#include "format/json_members.hpp"
#include "format/json_syntax.hpp"
#include "format/jsv.hpp"
#include "format/xml.hpp"
#include "http/accept.hpp"
#include "http/cookie.hpp"
#include "http/form.hpp"

namespace {

std::vector<std::span<std::uint8_t>> counters;

}  // namespace

/// Called by each instrumented object before main.
extern "C" void __sanitizer_cov_8bit_counters_init(std::uint8_t* begin, std::uint8_t* end) {
    counters.emplace_back(begin, end);
}
extern "C" void __sanitizer_cov_pcs_init(const std::uintptr_t* /*begin*/,
                                         const std::uintptr_t* /*end*/) {}

namespace mfa_reset::fuzz {
namespace {

/// A counter has eight bits, so inputs are short.
constexpr std::size_t kSize = 120;
constexpr std::size_t kMostOfUnit = 8;
constexpr std::size_t kKept = 5;
constexpr std::string_view kWanted[] = {"targetUserId"};

struct Parser {
    const char* name;
    void (*parse)(std::string_view text, Memory& memory);
    std::string_view first;
    std::string_view last;
    std::string_view plain;
    std::string_view alphabet;
};

template <auto Read>
void read(std::string_view text, Memory& memory) {
    static_cast<void>(Read(text, memory, kWanted));
}

const Parser kParsers[] = {
    {"JSON",
     [](std::string_view text, Memory&) { static_cast<void>(format::check_json(text, 64)); }, "[",
     "0]", "\"a\",", "{}[]\",:\\u0dtrue1e-. \n\xC3\xA9"},
    {"JSON, a string",
     [](std::string_view text, Memory&) { static_cast<void>(format::check_json(text, 64)); }, "\"",
     "\"", "a", "\\u0dn8a \x7F\xC3\xA9\xE2\x82\xAC"},
    {"JSON's members", &read<format::read_json_members>, "{\"targetUserId\":\"", "\"}", "a",
     "{}[]\",:\\u0dn \xC3\xA9"},
    {"JSV", &read<format::read_jsv_members>, "{a:", "}", "a", "{}[]\",: a"},
    {"XML", &read<format::read_xml_members>, "<r>", "</r>", "a", "<>/&;#x!-[]?'\"= :a\r"},
    {"CSV", &read<format::read_csv_members>, "a\r\n", "\r\n", "a", "\",\r\na"},
    {"form", &read<http::read_form_members>, "", "", "a", "&=%+4a"},
    {"AM's query",
     [](std::string_view text, Memory& memory) {
         static_cast<void>(am::parse_parameters(text, memory));
     },
     "_action=reset", "", "a", "&=%+4_ar"},
    {"AM's path",
     [](std::string_view text, Memory& memory) {
         static_cast<void>(am::parse_path(text, memory, {am::Realms{}}));
     },
     "/json/", "/devices/2fa/oath", "a", "/%41.users"},
    {"a universal id",
     [](std::string_view text, Memory& memory) {
         static_cast<void>(am::parse_universal_id(text, memory));
     },
     "id=a,ou=user", "", "a", "\\,o=a4 "},
    {"versions",
     [](std::string_view text, Memory&) { static_cast<void>(am::parse_versions(text)); }, "", "",
     "a", "protcluse=,.10 "},
    {"Cookie",
     [](std::string_view text, Memory&) { static_cast<void>(http::find_cookie(text, "name")); }, "",
     "", "a", "name=;\" \t"},
    {"Accept",
     [](std::string_view text, Memory&) {
         constexpr std::string_view kTypes[] = {"application/json", "text/plain"};
         http::Negotiation negotiation(kTypes);
         negotiation.read(text);
     },
     "", "", "a", "*/,;=q\".1 text"},
    {"Basic",
     [](std::string_view text, Memory& memory) {
         static_cast<void>(auth::parse_basic(text, memory));
     },
     "Basic ", "", "A", "A=+ :"},
};

std::string made(const Parser& parser, std::string_view unit) {
    std::string text(parser.first);
    while (text.size() + unit.size() + parser.last.size() <= kSize) {
        text += unit;
    }
    return text.append(parser.last);
}

/// For a byte of the input that is made of `unit`.
double work(const Parser& parser, std::string_view unit) {
    const std::string text = made(parser, unit);
    test::RequestMemory memory;
    for (const auto& each : counters) {
        std::fill(each.begin(), each.end(), 0);
    }
    parser.parse(text, memory);
    std::uint64_t sum = 0;
    for (const auto& each : counters) {
        for (const std::uint8_t counter : each) {
            sum += counter;
        }
    }
    return static_cast<double>(sum) / static_cast<double>(text.size());
}

std::string change(std::string unit, std::string_view alphabet, std::mt19937& random) {
    const char byte = alphabet[random() % alphabet.size()];
    const std::size_t at = random() % (unit.size() + 1);
    switch (random() % 3) {
        case 0:
            if (unit.size() < kMostOfUnit) {
                unit.insert(at, 1, byte);
                break;
            }
            [[fallthrough]];
        case 1: unit[at % unit.size()] = byte; break;
        default:
            if (unit.size() > 1) {
                unit.erase(at % unit.size(), 1);
            }
    }
    return unit;
}

/// The dearest units, by their work.
std::multimap<double, std::string> search(const Parser& parser, int tries) {
    std::mt19937 random(1);
    std::multimap<double, std::string> best;
    for (const char byte : parser.alphabet) {
        const std::string unit(1, byte);
        best.emplace(work(parser, unit), unit);
    }
    for (int count = 0; count < tries; ++count) {
        auto chosen = best.begin();
        std::advance(chosen, random() % best.size());
        std::string unit = change(chosen->second, parser.alphabet, random);
        const double found = work(parser, unit);
        const bool known = std::any_of(best.begin(), best.end(), [&](const auto& each) {
            return each.first == found;  // mostly the same, turned
        });
        if (!known && (best.size() < kKept || found > best.begin()->first)) {
            best.emplace(found, std::move(unit));
        }
        while (best.size() > kKept) {
            best.erase(best.begin());
        }
    }
    return best;
}

std::string shown(std::string_view unit) {
    std::string text;
    for (const char byte : unit) {
        char escaped[8];
        std::snprintf(escaped, sizeof(escaped), byte > ' ' && byte <= '~' ? "%c" : "\\x%02X",
                      static_cast<unsigned char>(byte));
        text += escaped;
    }
    return text;
}

}  // namespace
}  // namespace mfa_reset::fuzz

int main(int count, char** words) {
    using namespace mfa_reset::fuzz;
    const int tries = count > 1 ? std::atoi(words[1]) : 20'000;
    for (const Parser& parser : kParsers) {
        std::printf("%-16s %6.1f for %s, and at most", parser.name, work(parser, parser.plain),
                    shown(parser.plain).c_str());
        const auto best = search(parser, tries);
        for (auto each = best.rbegin(); each != best.rend(); ++each) {
            std::printf("  %.1f %s", each->first, shown(each->second).c_str());
        }
        std::printf("\n");
    }
    return 0;
}
