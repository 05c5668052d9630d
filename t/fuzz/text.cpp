// See text.hpp.
#include "text.hpp"

#include <jansson.h>
#include <regex.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

namespace mfa_reset::fuzz {

void require(bool holds, const char* property, std::string_view seen) {
    if (holds) {
        return;
    }
    std::fprintf(stderr, "BROKEN: %s%s", property, seen.empty() ? "" : ": ");
    for (const char byte : seen) {
        const bool plain = byte >= ' ' && byte <= '~' && byte != '\\';
        std::fprintf(stderr, plain ? "%c" : "\\x%02X", static_cast<unsigned char>(byte));
    }
    std::fputc('\n', stderr);
    std::abort();
}

std::string_view ExactCopies::keep(std::string_view text) {
    auto& copy = copies_.emplace_back(std::make_unique_for_overwrite<char[]>(text.size()));
    std::copy(text.begin(), text.end(), copy.get());
    return {copy.get(), text.size()};
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts(1);
    for (const char byte : text) {
        if (byte == separator) {
            parts.emplace_back();
        } else {
            parts.back() += byte;
        }
    }
    return parts;
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& byte : result) {
        if (std::strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ", byte) != nullptr && byte != '\0') {
            byte = static_cast<char>(byte | 0x20);
        }
    }
    return result;
}

std::string trimmed(std::string_view text) {
    std::string result(text);
    const auto blank = [](char byte) { return byte == ' ' || byte == '\t'; };
    while (!result.empty() && blank(result.back())) {
        result.pop_back();
    }
    result.erase(result.begin(), std::find_if_not(result.begin(), result.end(), blank));
    return result;
}

std::string without_outer_slashes(std::string_view text) {
    std::string result(text);
    if (!result.empty() && result.front() == '/') {
        result.erase(0, 1);
    }
    if (!result.empty() && result.back() == '/') {
        result.pop_back();
    }
    return result;
}

bool is_hex(std::string_view text, std::size_t digits) {
    return text.size() == digits &&
           text.find_first_not_of("0123456789ABCDEFabcdef") == std::string_view::npos;
}

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank) {
    const std::vector<std::string> parts = split(text, '%');
    std::string result;
    for (const std::string& part : parts) {
        std::string rest = part;
        std::string byte;
        if (&part != &parts.front()) {
            const std::string hex = part.substr(0, 2);
            if (!is_hex(hex, 2)) {
                return std::nullopt;
            }
            byte = static_cast<char>(std::strtoul(hex.c_str(), nullptr, 16));
            rest = part.substr(2);
        }
        if (plus_is_blank) {
            std::replace(rest.begin(), rest.end(), '+', ' ');
        }
        result += byte + rest;
    }
    return result;
}

bool is_utf8(std::string_view text) {
    const std::unique_ptr<json_t, decltype(&json_decref)> string(
        json_stringn(text.empty() ? "" : text.data(), text.size()), &json_decref);
    return string != nullptr;
}

bool is_printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char byte) { return byte >= 0x20 && byte <= 0x7E; });
}

std::optional<std::vector<std::string>> match(const char* expression, std::string_view text) {
    // Never destroyed: what regcomp() has allocated is reachable until the process has ended.
    static auto& known = *new std::map<std::string, regex_t>;
    const auto [place, is_new] = known.try_emplace(expression);
    regex_t& regex = place->second;
    if (is_new) {
        const std::string whole = "^(" + std::string(expression) + ")$";
        require(regcomp(&regex, whole.c_str(), REG_EXTENDED) == 0, "the expression is one");
    }
    std::vector<regmatch_t> groups(regex.re_nsub + 1);
    groups[0] = {0, static_cast<regoff_t>(text.size())};
    // The sanitizer looks for the end of a C string, which REG_STARTEND does not.
    const std::string subject(text);
    if (regexec(&regex, subject.c_str(), groups.size(), groups.data(), REG_STARTEND) != 0) {
        return std::nullopt;
    }
    std::vector<std::string> texts;
    for (std::size_t group = 1; group < groups.size(); ++group) {
        const auto& [from, to] = groups[group];
        texts.emplace_back(from < 0 ? std::string{}
                                    : subject.substr(static_cast<std::size_t>(from),
                                                     static_cast<std::size_t>(to - from)));
    }
    return texts;
}

}  // namespace mfa_reset::fuzz
