#include "http/accept.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <tuple>

#include "format/ascii.hpp"
#include "format/words.hpp"

namespace mfa_reset::http {

namespace {

constexpr unsigned kFullWeight = AcceptWeight::kFull;

/// The characters of an HTTP token (RFC 9110, 5.6.2).
constexpr auto kTokenCharacters = [] {
    std::array<bool, 256> characters{};
    for (int byte = 0; byte < 128; ++byte) {
        characters[static_cast<std::size_t>(byte)] =
            format::is_letter(static_cast<char>(byte)) || format::is_digit(static_cast<char>(byte));
    }
    for (const char mark : std::string_view("!#$%&'*+-.^_`|~")) {
        characters[static_cast<unsigned char>(mark)] = true;
    }
    return characters;
}();

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char byte) {
        return kTokenCharacters[static_cast<unsigned char>(byte)];
    });
}

/// `0.25` in thousandths; digits after the third are ignored.
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
    if (text[0] != '.' || !std::all_of(text.begin() + 1, text.end(), format::is_digit)) {
        return std::nullopt;
    }
    unsigned unit = kFullWeight;
    for (const char digit : text.substr(1)) {
        unit /= 10;
        weight += static_cast<unsigned>(digit - '0') * unit;
    }
    return weight <= kFullWeight ? std::optional(weight) : std::nullopt;
}

std::string_view without_quotes(std::string_view text) noexcept {
    const bool quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
    return quoted ? text.substr(1, text.size() - 2) : text;
}

bool is_q(std::string_view name) noexcept { return name == "q" || name == "Q"; }

void read_parameter(std::string_view text, AcceptWeight& read) noexcept {
    const std::size_t equals = format::find_byte(text, '=');
    const std::string_view name = text.substr(0, equals);
    const std::string_view raw = text.substr(std::min(equals + 1, text.size()));
    // The values that matter here have no escapes.
    const std::string_view value = without_quotes(raw);
    if (is_q(name)) {
        // In any place, `q` is the weight (RFC 9110, 12.5.1).
        const auto weight = parse_weight(value);
        read.well_formed = read.well_formed && weight && !read.weighed;
        read.weight = weight.value_or(0);
        read.weighed = true;
    } else if (!is_token(name) || (value.size() == raw.size() && !is_token(value))) {
        read.well_formed = false;
    } else if (format::equal_ignoring_case(name, "charset") &&
               format::equal_ignoring_case(value, "utf-8")) {
        read.utf8 = true;
    } else {
        read.other = true;
    }
}

}  // namespace

const char* skip_accept_quotes(const char* at, const char* end) noexcept {
    for (++at; at != end && *at != '"'; ++at) {
        if (*at == '\\' && ++at == end) {
            return end;
        }
    }
    return at == end ? end : at + 1;
}

AcceptWeight AcceptMember::read_some_parameters() noexcept {
    AcceptWeight read;
    const char* at = at_;
    // An invalid member stays invalid, whatever follows.
    while (at != end_ && *at != ',' && read.well_formed) {
        const char* const first = ++at;  // behind the `;`
        while (at != end_ && *at != ';' && *at != ',') {
            at = *at == '"' ? skip_accept_quotes(at, end_) : at + 1;
        }
        const std::string_view text = format::trim_blanks({first, at});
        if (!text.empty()) {
            read_parameter(text, read);
        }
    }
    at_ = at;
    return read;
}

Negotiation::Negotiation(std::span<const std::string_view> offered) noexcept : offered_(offered) {
    assert(!offered.empty() && offered.size() <= kMostOffered);
    for (std::size_t i = 0; i < offered.size(); ++i) {
        slashes_[i] = offered[i].find('/');
    }
}

void Negotiation::read(std::string_view line) noexcept {
    each_accept_member(line, [this](AcceptMember& member) {
        constexpr std::string_view kShortest = "*/*";
        if (member.range().size() >= kShortest.size()) {
            match(member);
        }
        ++members_;
    });
}

void Negotiation::match(AcceptMember& member) noexcept {
    constexpr unsigned kAny = 1;
    constexpr unsigned kHalf = 2;
    constexpr unsigned kWhole = 3;
    const std::string_view range = member.range();
    if (range == "*/*") {
        improve(any_, kAny, member.read_parameters());
        return;
    }
    const bool half = range.ends_with("/*");
    const std::size_t size = half ? range.size() - 2 : range.size();
    std::optional<AcceptWeight> read;  // read when a type matches: most members match none
    for (std::size_t i = 0; i < offered_.size(); ++i) {
        const std::string_view type =
            offered_[i].substr(0, half ? slashes_[i] : offered_[i].size());
        if (type.size() == size && format::equal_ignoring_case(range.substr(0, size), type)) {
            read = read ? read : member.read_parameters();
            improve(matches_[i], half ? kHalf : kWhole, *read);
        }
    }
}

void Negotiation::improve(Match& match, unsigned precision, const AcceptWeight& read) noexcept {
    precision = 2 * precision + (read.utf8 ? 1 : 0);
    const bool is_better =
        precision > match.precision || (precision == match.precision && read.weight > match.weight);
    if (read.well_formed && !read.other && is_better) {
        match = {precision, read.weight, members_};
    }
}

/// By the type's own ranges if one matches: they are more precise than `*/*`.
Negotiation::Match Negotiation::match_of(std::size_t offered) const noexcept {
    return matches_[offered].precision > 0 ? matches_[offered] : any_;
}

std::optional<std::size_t> Negotiation::choose() const noexcept {
    if (members_ == 0) {
        return 0;
    }
    std::size_t best = 0;
    for (std::size_t i = 1; i < offered_.size(); ++i) {
        const Match left = match_of(best);
        const Match right = match_of(i);
        if (std::tie(left.weight, left.precision, right.place) <
            std::tie(right.weight, right.precision, left.place)) {
            best = i;
        }
    }
    return match_of(best).weight == 0 ? std::nullopt : std::optional(best);
}

}  // namespace mfa_reset::http
