#include "am/devices/query.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "format/ascii.hpp"
#include "format/text.hpp"
#include "format/words.hpp"
#include "http/percent.hpp"
#include "http/query.hpp"

namespace mfa_reset::am {

namespace {

enum class Check : std::uint8_t { fields, any, integer, policy, sort_keys, filter };

struct Known {
    std::string_view name;
    Check check;
    bool of_query;  ///< only a query has it
    bool may_repeat = false;
};

constexpr Known kFields{"_fields", Check::fields, false, true};
constexpr Known kPrettyPrint{"_prettyPrint", Check::any, false};
constexpr Known kMimeType{"_mimeType", Check::any, false};
constexpr Known kQueryFilter{"_queryFilter", Check::filter, true};
constexpr Known kQueryId{"_queryId", Check::any, true};
constexpr Known kQueryExpression{"_queryExpression", Check::any, true};
constexpr Known kPageSize{"_pageSize", Check::integer, true};
constexpr Known kOffset{"_pagedResultsOffset", Check::integer, true};
constexpr Known kCookie{"_pagedResultsCookie", Check::any, true};
constexpr Known kSortKeys{"_sortKeys", Check::sort_keys, true};
constexpr Known kPolicy{"_totalPagedResultsPolicy", Check::policy, true};

constexpr std::array kKnown{&kFields,          &kPrettyPrint, &kMimeType, &kQueryFilter,
                            &kQueryId,         &kPageSize,    &kOffset,   &kCookie,
                            &kQueryExpression, &kSortKeys,    &kPolicy};

/// The known parameter that a query writes as `encoded`, or nullptr.
const Known* find_known(std::string_view encoded) noexcept {
    const auto* const found = std::ranges::find_if(kKnown, [encoded](const Known* known) {
        return http::is_encoded_as(encoded, known->name, http::Case::ignored);
    });
    return found != kKnown.end() ? *found : nullptr;
}

std::string_view decode(std::string_view encoded, Memory& memory) {
    return http::decode_percent(encoded, http::Plus::blank, memory).value_or(std::string_view{});
}

/// Java's Integer.valueOf().
std::optional<std::int32_t> parse_integer(std::string_view text) noexcept {
    std::int32_t number = 0;
    const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool good = error == std::errc{} && end == digits.data() + digits.size() &&
                      !(text.starts_with('+') && digits.starts_with('-'));
    return good ? std::optional(number) : std::nullopt;
}

bool is_policy(std::string_view text) noexcept {
    constexpr std::array<std::string_view, 3> kPolicies{"NONE", "ESTIMATE", "EXACT"};
    return std::ranges::any_of(kPolicies, [text](std::string_view policy) {
        return format::equal_ignoring_case(policy, text);
    });
}

/// Keys between commas, each with a sign or without.
bool is_sort_keys(std::string_view text) noexcept {
    for (bool more = true; more;) {
        const std::size_t comma = format::find_byte(text, ',');
        std::string_view key = text.substr(0, comma);
        more = comma < text.size();
        text.remove_prefix(more ? comma + 1 : comma);
        key.remove_prefix(key.starts_with('+') || key.starts_with('-') ? 1 : 0);
        if (key.empty()) {
            return false;
        }
    }
    return true;
}

class Reader {
public:
    Reader(std::string_view query, QueryKind kind, Memory& memory)
        : whole_(query), kind_(kind), memory_(memory), result_(memory) {}

    Query read() {
        http::each_field(whole_, [this](std::string_view name, std::string_view) {
            if (const Known* const known = find_known(name)) {
                ++given_[index_of(*known)];
            }
            return true;
        });
        result_.is_query =
            kind_ == QueryKind::get &&
            (is_given(kQueryFilter) || is_given(kQueryId) || is_given(kQueryExpression));
        const bool good = http::each_field(
            whole_,
            [this](std::string_view name, std::string_view value) { return take(name, value); });
        if (good && result_.is_query) {
            check_exclusions();
        }
        return std::move(result_);
    }

private:
    bool complain(std::string_view complaint) {
        result_.complaint = complaint;
        return false;
    }

    /// Whether a parameter may stand in this request.
    bool is_allowed(const Known& known) const noexcept {
        if (&known == &kMimeType) {
            return kind_ == QueryKind::get && !result_.is_query;
        }
        return !known.of_query || result_.is_query;
    }

    /// Name and value as they are encoded. False: a complaint.
    bool take(std::string_view encoded_name, std::string_view encoded_value) {
        const Known* const known = find_known(encoded_name);
        const std::string_view name = decode(encoded_name, memory_);
        if (known == nullptr || !is_allowed(*known)) {
            return !name.starts_with('_') ||
                   complain(format::concat(memory_, "Unrecognized request parameter '", name, "'"));
        }
        if (!known->may_repeat && given_[index_of(*known)] > 1) {
            return complain(format::concat(
                memory_, "Multiple values provided for the single-valued request parameter '", name,
                "'"));
        }
        const std::string_view value = decode(encoded_value, memory_);
        const std::string_view kind = check(*known, value);
        return kind.empty() ||
               complain(format::concat(memory_, "The value '", value, "' for parameter '", name,
                                       "' could not be parsed as a ", kind));
    }

    /// What `value` should be and is not; empty: it is good, and taken.
    std::string_view check(const Known& known, std::string_view value) {
        switch (known.check) {
            case Check::any: return {};
            case Check::fields: result_.fields.add(value); return {};
            case Check::integer: return take_integer(known, value) ? "" : "valid integer";
            case Check::policy: return is_policy(value) ? "" : "valid count policy";
            case Check::sort_keys:
                return is_sort_keys(value) ? "" : "comma separated list of sort keys";
            case Check::filter: return is_query_filter(value) ? "" : "valid query filter";
        }
        return {};
    }

    bool take_integer(const Known& known, std::string_view value) noexcept {
        const auto number = parse_integer(value);
        if (number && *number > 0) {
            (&known == &kPageSize ? result_.page_size : offset_) =
                static_cast<std::size_t>(*number);
        }
        return number.has_value();
    }

    void check_exclusions() {
        struct Pair {
            const Known& one;
            const Known& other;
        };
        const Pair pairs[] = {{kQueryId, kQueryFilter},
                              {kQueryId, kQueryExpression},
                              {kQueryFilter, kQueryExpression},
                              {kOffset, kCookie}};
        for (const auto& [one, other] : pairs) {
            const bool counts = &one != &kOffset || offset_ > 0;
            if (counts && is_given(one) && is_given(other)) {
                static_cast<void>(
                    complain(format::concat(memory_, "The parameters ", one.name, " and ",
                                            other.name, " are mutually exclusive")));
                return;
            }
        }
    }

    static std::size_t index_of(const Known& known) noexcept {
        return static_cast<std::size_t>(std::ranges::find(kKnown, &known) - kKnown.begin());
    }
    bool is_given(const Known& known) const noexcept { return given_[index_of(known)] > 0; }

    std::string_view whole_;
    QueryKind kind_;
    Memory& memory_;
    Query result_;
    std::array<std::size_t, kKnown.size()> given_{};  // how often
    std::size_t offset_ = 0;
};

}  // namespace

Query read_query(std::string_view query, QueryKind kind, Memory& memory) {
    return Reader(query, kind, memory).read();
}

}  // namespace mfa_reset::am
