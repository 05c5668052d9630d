#include "foundry/route.hpp"

#include <array>

#include "foundry/accept.hpp"
#include "http/form.hpp"
#include "http/percent.hpp"

namespace mfa_reset::foundry {

namespace {

/// The part of a path that is ours, and what it says of formats.
struct Place {
    enum class Kind : std::uint8_t {
        elsewhere,
        own,    ///< …/users/2fa/reset[.suffix]
        api,    ///< …/api/{operation}[.suffix], where ServiceStack's clients go by themselves
        reply,  ///< …/{format}/reply/{operation}, where older ones do
    };
    Kind kind = Kind::elsewhere;
    std::optional<Format> format{};  ///< by suffix, or of the reply route
};

/// Takes the last segment off `path`.
std::string_view take_last(std::string_view& path) noexcept {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) {
        return {};
    }
    const std::string_view segment = path.substr(slash + 1);
    path.remove_suffix(segment.size() + 1);
    return segment;
}

/// A segment called `name`, or `name.xml`: a suffix in another case, or another suffix, is none.
Place find_suffixed(std::string_view segment, std::string_view name, Place::Kind kind) noexcept {
    if (!format::equal_ignoring_case(segment.substr(0, name.size()), name)) {
        return {};
    }
    const std::string_view suffix = segment.substr(name.size());
    if (suffix.empty()) {
        return {kind};
    }
    const auto format = suffix[0] == '.' ? format_by_name(suffix.substr(1)) : std::nullopt;
    return format ? Place{kind, format} : Place{};
}

Place find_place(std::string_view path) noexcept {
    if (path.ends_with('/')) {
        path.remove_suffix(1);
    }
    const std::string_view last = take_last(path);
    const std::string_view middle = take_last(path);
    if (format::equal_ignoring_case(middle, "api")) {
        return find_suffixed(last, kOperation, Place::Kind::api);
    }
    const std::string_view first = take_last(path);
    if (format::equal_ignoring_case(last, kOperation) &&
        format::equal_ignoring_case(middle, "reply")) {
        const auto format = format_ignoring_case(first);
        return format ? Place{Place::Kind::reply, format} : Place{};
    }
    const bool here =
        format::equal_ignoring_case(first, "users") && format::equal_ignoring_case(middle, "2fa");
    return here ? find_suffixed(last, "reset", Place::Kind::own) : Place{};
}

/// Methods have a case; ServiceStack's override has none.
bool is_method(std::string_view method, std::string_view overriding, std::string_view wanted) {
    return overriding.empty() ? method == wanted : format::equal_ignoring_case(overriding, wanted);
}

std::optional<Format> format_of_query(std::string_view query, Memory& memory) {
    static constexpr std::array<std::string_view, 1> kName{"format"};
    const auto members = http::read_form_members(query, memory, kName);
    return members ? format_by_query_value(format::member(*members, "format")) : std::nullopt;
}

}  // namespace

Route find_route(const Request& request, const Headers& headers, Memory& memory) {
    const auto decoded = http::decode_percent(request.path, http::Plus::literal, memory);
    const Place place = find_place(decoded.value_or(std::string_view{}));

    const auto is = [&](std::string_view wanted) {
        return is_method(request.method, headers.value(HeaderId::method_override), wanted);
    };
    Route route;
    // A GET on ServiceStack's own routes would be a reset by a forged image tag.
    route.found = place.kind != Place::Kind::elsewhere &&
                  (is("PUT") || (place.kind != Place::Kind::own && is("POST")));
    if (place.kind == Place::Kind::reply) {
        route.body = place.format;
    }
    // A suffix goes before the query, which goes before the route of older clients.
    auto named = place.kind == Place::Kind::reply ? std::nullopt : place.format;
    named = named ? named : format_of_query(request.query, memory);
    named = named ? named : place.format;
    route.form =
        named ? Form{*named} : negotiate(headers.all(), format_by_media_type(headers.media_type()));
    return route;
}

}  // namespace mfa_reset::foundry
