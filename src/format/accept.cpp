// See accept.hpp.
#include "format/accept.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>

#include "format/ascii.hpp"

namespace mfa_reset::format {

namespace {

constexpr unsigned kFullWeight = AcceptMember::kFullWeight;

/// A token of HTTP (RFC 9110, 5.6.2), not empty.
bool is_token(std::string_view text) noexcept {
    static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        const char lower = to_lower(c);
        return (lower >= 'a' && lower <= 'z') || is_digit(c) ||
               kMarks.find(c) != std::string_view::npos;
    });
}

/// Takes what is before the first `separator` outside of quotes off `rest`, and the separator.
std::string_view take_until(char separator, std::string_view& rest) noexcept {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < rest.size() && (quoted || rest[end] != separator); ++end) {
        if (rest[end] == '"') {
            quoted = !quoted;
        } else if (quoted && rest[end] == '\\') {
            ++end;
        }
    }
    end = std::min(end, rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return trim_blanks(part);
}

/// `0.25` in thousandths; digits after the third count for nothing.
std::optional<unsigned> parse_weight(std::string_view text) noexcept {
    if (text.empty() || text == ".") {
        return std::nullopt;
    }
    unsigned weight = 0;
    if (text[0] == '0' || text[0] == '1') {
        weight = text[0] == '1' ? kFullWeight : 0;
        text.remove_prefix(1);
    }
    if (text.empty()) {
        return weight;
    }
    if (text[0] != '.' || !std::all_of(text.begin() + 1, text.end(), is_digit)) {
        return std::nullopt;
    }
    unsigned unit = kFullWeight;
    for (const char digit : text.substr(1)) {
        unit /= 10;
        weight += static_cast<unsigned>(digit - '0') * unit;
    }
    return weight <= kFullWeight ? std::optional(weight) : std::nullopt;
}

/// A value without its quotes. Those that mean something here hold nothing to be unescaped.
std::optional<std::string_view> parse_value(std::string_view text) noexcept {
    if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"')) {
        return text.substr(1, text.size() - 2);
    }
    return is_token(text) ? std::optional(text) : std::nullopt;
}

void read_parameter(std::string_view text, AcceptMember& member) noexcept {
    const std::size_t equals = std::min(text.find('='), text.size());
    const std::string_view name = text.substr(0, equals);
    const auto value = parse_value(text.substr(std::min(equals + 1, text.size())));
    if (!is_token(name) || !value) {
        member.well_formed = false;
    } else if (equal_ignoring_case(name, "q")) {
        // Wherever it stands it is the weight (RFC 9110, 12.5.1).
        const auto weight = parse_weight(*value);
        member.well_formed = member.well_formed && weight && !member.weighed;
        member.weight = weight.value_or(0);
        member.weighed = true;
    } else if (equal_ignoring_case(name, "charset") && equal_ignoring_case(*value, "utf-8")) {
        member.utf8 = true;
    } else {
        member.other = true;
    }
}

AcceptMember read_member(std::string_view rest) noexcept {
    AcceptMember member;
    member.range = take_until(';', rest);
    if (member.range == "*") {
        member.range = "*/*";
    }
    while (!rest.empty()) {
        const std::string_view text = take_until(';', rest);
        if (!text.empty()) {
            read_parameter(text, member);
        }
    }
    return member;
}

/// How precisely `range` names `type`: 1 for any, 2 by its first half, 3 by both; 0 where it does
/// not.
unsigned precision_of(std::string_view range, std::string_view type) noexcept {
    if (range == "*/*") {
        return 1;
    }
    const std::size_t slash = type.find('/');
    if (range.ends_with("/*")) {
        return equal_ignoring_case(range.substr(0, range.size() - 2), type.substr(0, slash)) ? 2
                                                                                             : 0;
    }
    return equal_ignoring_case(range, type) ? 3 : 0;
}

}  // namespace

std::optional<AcceptMember> take_member(std::string_view& line) noexcept {
    while (!line.empty()) {
        const std::string_view text = take_until(',', line);
        if (!text.empty()) {
            return read_member(text);
        }
    }
    return std::nullopt;
}

Negotiation::Negotiation(std::span<const std::string_view> offered) noexcept : offered_(offered) {
    assert(!offered.empty() && offered.size() <= kMostOffered);
}

void Negotiation::read(std::string_view line) noexcept {
    while (const auto member = take_member(line)) {
        match(*member);
        ++members_;
    }
}

void Negotiation::match(const AcceptMember& member) noexcept {
    if (!member.well_formed || member.other) {
        return;
    }
    for (std::size_t i = 0; i < offered_.size(); ++i) {
        unsigned precision = precision_of(member.range, offered_[i]);
        if (precision == 0) {
            continue;
        }
        precision = 2 * precision + (member.utf8 ? 1 : 0);
        Match& match = matches_[i];
        if (std::tie(precision, member.weight) > std::tie(match.precision, match.weight)) {
            match = {precision, member.weight, members_};
        }
    }
}

std::optional<std::size_t> Negotiation::choose() const noexcept {
    if (members_ == 0) {
        return 0;
    }
    const auto is_worse = [](const Match& left, const Match& right) {
        return std::tie(left.weight, left.precision, right.place) <
               std::tie(right.weight, right.precision, left.place);
    };
    const auto end = matches_.begin() + static_cast<std::ptrdiff_t>(offered_.size());
    const auto best = std::max_element(matches_.begin(), end, is_worse);
    if (best->weight == 0) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(best - matches_.begin());
}

}  // namespace mfa_reset::format
