// See accept.hpp.
#include "foundry/accept.hpp"

#include <algorithm>

namespace mfa_reset::foundry {

namespace {

constexpr unsigned kFull = 1000;

/// Takes what is before the first `separator` off `rest`, without blanks around it.
std::string_view take(std::string_view& rest, char separator) noexcept {
    const std::size_t end = std::min(rest.find(separator), rest.size());
    const std::string_view item = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return format::trim_blanks(item);
}

/// `0.5` in thousandths (RFC 9110, 12.4.2). What is no weight counts as none: 1.
unsigned parse_weight(std::string_view text) noexcept {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') ||
        (text.size() > 1 && text[1] != '.')) {
        return kFull;
    }
    unsigned weight = text[0] == '1' ? kFull : 0;
    unsigned place = kFull / 10;
    for (const char digit : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (digit < '0' || digit > '9') {
            return kFull;
        }
        weight += static_cast<unsigned>(digit - '0') * place;
        place /= 10;
    }
    return std::min(weight, kFull);
}

unsigned weight_of(std::string_view parameters) noexcept {
    while (!parameters.empty()) {
        std::string_view parameter = take(parameters, ';');
        const std::string_view name = take(parameter, '=');
        if (format::equal_ignoring_case(name, "q")) {
            return parse_weight(format::trim_blanks(parameter));
        }
    }
    return kFull;
}

/// What was asked for so far.
class Choice {
public:
    void consider(std::string_view range) noexcept {
        const std::string_view type = take(range, ';');
        const unsigned weight = weight_of(range);
        const auto format = format_by_media_type(type);
        if (format && weight == 0) {
            refused_[static_cast<std::size_t>(*format)] = true;
        }
        if ((format || type == "*/*") && weight > weight_) {
            weight_ = weight;
            any_ = !format;
            form_ = {format.value_or(Format::json), format::equal_ignoring_case(type, "text/jsv")};
        }
    }

    Form form(std::optional<Format> own) const noexcept {
        if (!any_) {
            return form_;
        }
        const Format wanted = own.value_or(Format::json);
        if (!is_refused(wanted)) {
            return {wanted};
        }
        for (std::size_t at = 0; at < kFormats; ++at) {
            if (!refused_[at]) {
                return {static_cast<Format>(at)};
            }
        }
        return {};
    }

private:
    bool is_refused(Format format) const noexcept {
        return refused_[static_cast<std::size_t>(format)];
    }

    Form form_;
    unsigned weight_ = 0;
    bool any_ = false;  ///< `*/*` is what counts
    std::array<bool, kFormats> refused_{};
};

}  // namespace

Form negotiate(std::span<const Header> headers, std::optional<Format> own) noexcept {
    Choice choice;
    for (const Header& header : headers) {
        if (format::equal_ignoring_case(header.name, "Accept")) {
            for (std::string_view rest = header.value; !rest.empty();) {
                choice.consider(take(rest, ','));
            }
        }
    }
    return choice.form(own);
}

}  // namespace mfa_reset::foundry
