// The headers of a request that an API knows, found in one pass. The API has an enumeration of them
// that counts from 0, and a table with the name of each.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "format/ascii.hpp"
#include "mfa_reset/message.hpp"

namespace mfa_reset::http {

template <class Id>
struct KnownHeader {
    std::string_view name;
    Id id;
};

template <class Id>
KnownHeader(const char*, Id) -> KnownHeader<Id>;  // clang 16 does not make it for an aggregate

/// The first value of each header of `Table`, an array of KnownHeader. Several names may have one
/// id.
template <class Id, const auto& Table>
class KnownHeaders {
public:
    /// Keeps the value, unless there is one already. Returns false if the header is not known.
    bool take(const Header& header) noexcept {
        for (const KnownHeader<Id>& known : Table) {
            if (format::equal_ignoring_case(header.name, known.name)) {
                auto& value = values_[static_cast<std::size_t>(known.id)];
                value = value.value_or(header.value);
                return true;
            }
        }
        return false;
    }

    std::optional<std::string_view> get(Id id) const noexcept {
        return values_[static_cast<std::size_t>(id)];
    }
    /// As get(); an absent header counts as an empty one.
    std::string_view value(Id id) const noexcept { return get(id).value_or(std::string_view{}); }

private:
    static constexpr std::size_t kCount =
        1 + static_cast<std::size_t>(std::ranges::max(Table, {}, &KnownHeader<Id>::id).id);

    std::array<std::optional<std::string_view>, kCount> values_{};
};

/// `application/json` of the value `application/json; charset=utf-8` of a Content-Type.
constexpr std::string_view media_type(std::string_view content_type) noexcept {
    return format::trim_blanks(content_type.substr(0, content_type.find(';')));
}

}  // namespace mfa_reset::http
