#include "foundry/accept.hpp"

#include <array>

#include "format/ascii.hpp"
#include "http/accept.hpp"

namespace mfa_reset::foundry {

namespace {

/// What was asked for so far.
class Choice {
public:
    void consider(http::AcceptMember& member) noexcept {
        const bool any = member.range() == "*/*";
        const auto format = format_by_media_type(member.range());
        if (!format && !any) {
            return;
        }
        const auto read = member.read_parameters();
        // A weight that cannot be read counts as none.
        const unsigned weight = read.well_formed ? read.weight : http::AcceptWeight::kFull;
        if (format && weight == 0) {
            refused_[static_cast<std::size_t>(*format)] = true;
        }
        if (weight > weight_) {
            weight_ = weight;
            any_ = !format;
            form_ = {format.value_or(Format::json),
                     format::equal_ignoring_case(member.range(), "text/jsv")};
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
            http::each_accept_member(
                header.value, [&choice](http::AcceptMember& member) { choice.consider(member); });
        }
    }
    return choice.form(own);
}

}  // namespace mfa_reset::foundry
