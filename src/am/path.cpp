// See path.hpp.
#include "am/path.hpp"

#include <algorithm>
#include <cstddef>
#include <memory_resource>
#include <optional>
#include <span>
#include <vector>

#include "format/ascii.hpp"
#include "format/percent.hpp"
#include "format/text.hpp"
#include "format/utf8.hpp"

namespace mfa_reset::am {

namespace {

struct Segment {
    std::string_view raw;
    std::string_view text;  ///< decoded
};

using Segments = std::span<const Segment>;

/// `text` without one slash at each end.
std::string_view without_outer_slashes(std::string_view text) noexcept {
    if (text.starts_with('/')) {
        text.remove_prefix(1);
    }
    if (text.ends_with('/')) {
        text.remove_suffix(1);
    }
    return text;
}

/// Takes the first element off `path`, up to its slash.
std::string_view take_element(std::string_view& path) noexcept {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view element = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    return element;
}

/// Whether `text` is ASCII without `%` and NUL: it is as it would be decoded, and most rules have
/// nothing to say. Nearly every path is so.
bool is_plain(std::string_view text) noexcept {
    return format::is_ascii(text) && text.find('%') == std::string_view::npos &&
           text.find('\0') == std::string_view::npos;
}

Path::Fault fault_of(std::string_view text, bool plain) noexcept {
    if (text.empty()) {
        return Path::Fault::empty_element;
    }
    if (text == "." || text == "..") {
        return Path::Fault::dot_element;
    }
    if (plain) {
        return Path::Fault::none;
    }
    if (text.find('\0') != std::string_view::npos) {
        return Path::Fault::nul;
    }
    return format::is_utf8(text) ? Path::Fault::none : Path::Fault::not_utf8;
}

/// Fills `segments`. Bad percent-encoding anywhere comes before the other faults, and these in
/// order.
Path::Fault split(std::string_view raw, std::pmr::vector<Segment>& segments, Memory& memory) {
    std::string_view rest = without_outer_slashes(raw);
    const bool plain = is_plain(rest);
    Path::Fault fault = Path::Fault::none;
    for (bool last = rest.empty(); !last;) {
        const std::size_t slash = rest.find('/');
        const std::string_view element = rest.substr(0, slash);
        last = slash == std::string_view::npos;
        rest.remove_prefix(last ? 0 : slash + 1);
        const auto text = plain ? std::optional(element)
                                : format::decode_percent(element, format::Plus::literal, memory);
        if (!text) {
            return Path::Fault::encoding;
        }
        if (fault == Path::Fault::none) {
            fault = fault_of(*text, plain);
        }
        if (segments.size() == segments.capacity()) {
            // All that are left at once: what a vector outgrows is not given back.
            const auto slashes = std::count(rest.begin(), rest.end(), '/');
            segments.reserve(segments.size() + static_cast<std::size_t>(slashes) + 2);
        }
        segments.push_back({element, *text});
    }
    return fault;
}

/// The raw path from the first of `segments` on, which are the last of the whole path.
std::string_view raw_of(Segments segments) noexcept {
    if (segments.empty()) {
        return {};
    }
    const std::string_view first = segments.front().raw;
    const std::string_view last = segments.back().raw;
    return {first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data())};
}

/// Puts a realm's path together, name by name from the top.
class RealmBuilder {
public:
    explicit RealmBuilder(std::size_t room, Memory& memory) : text_(memory, room) {}

    void add(std::string_view name) {
        well_formed_ = well_formed_ && is_realm_name(name);
        text_.append("/").append(name);
    }
    Realm realm() const noexcept {
        return text_.view().empty() ? Realm{} : Realm{text_.view(), well_formed_};
    }

private:
    format::Text text_;
    bool well_formed_ = true;
};

/// Takes `realms/root/realms/{r}…`, or the same without root, off `segments`.
void take_realms(Segments& segments, Path& path, Memory& memory) {
    RealmBuilder realm(raw_of(segments).size() + 1, memory);
    for (bool top = true; segments.size() >= 2 && segments[0].text == "realms"; top = false) {
        const std::string_view name = segments[1].text;
        if (!top || !format::equal_ignoring_case(name, "root")) {
            realm.add(name);
            path.without_root = path.without_root || top;
        }
        segments = segments.subspan(2);
    }
    path.realm = realm.realm();
}

/// Takes the old form's realm off `segments`: everything before the first `users`, or before a
/// later one where that is a realm that is listed (one that is called `users` has such a path).
void take_old_realm(Segments& segments, Path& path, const Realms& realms, Memory& memory) {
    // Made with room for all of the names, so that a realm stays good when more are added.
    RealmBuilder realm(raw_of(segments).size() + 1, memory);
    Segments rest;
    for (Segments left = segments; !left.empty(); left = left.subspan(1)) {
        if (left[0].text == "users" && (rest.empty() || realms.find(realm.realm().path))) {
            path.realm = realm.realm();
            rest = left;
            if (!realms.listed()) {
                break;
            }
        }
        realm.add(left[0].text);
    }
    segments = rest.empty() ? segments : rest;
}

std::optional<Factor> factor_of(std::string_view text) noexcept {
    if (text == "oath") {
        return Factor::oath;
    }
    return text == "push" ? std::optional(Factor::push) : std::nullopt;
}

/// What is left once the realm is off: users/{user}/devices/2fa/{oath|push}[/{uuid}].
void route(Segments segments, Path& path) noexcept {
    constexpr std::size_t kLength = 5;
    path.resource = raw_of(segments);
    if (segments.size() < kLength || segments[0].text != "users" || segments[2].text != "devices" ||
        segments[3].text != "2fa") {
        return;
    }
    const auto factor = factor_of(segments[4].text);
    if (!factor) {
        return;
    }
    path.user = segments[1].text;
    path.factor = *factor;
    path.resource = raw_of(segments.subspan(kLength));
    path.place = segments.size() == kLength       ? Path::Place::devices
                 : segments.size() == kLength + 1 ? Path::Place::device
                                                  : Path::Place::deeper;
}

}  // namespace

Path parse_path(std::string_view raw, Memory& memory, const Realms& realms) {
    Path path;
    // Only needed here: the request's memory is for what outlives the parse.
    constexpr std::size_t kUsual = 24;
    alignas(Segment) std::byte room[kUsual * sizeof(Segment)];
    std::pmr::monotonic_buffer_resource scratch(room, sizeof(room), &memory);
    std::pmr::vector<Segment> all(&scratch);
    all.reserve(kUsual);
    path.fault = split(raw, all, memory);
    if (path.fault != Path::Fault::none) {
        return path;
    }
    const auto json = std::find_if(all.begin(), all.end(),
                                   [](const Segment& segment) { return segment.text == "json"; });
    if (json == all.end()) {
        path.resource = without_outer_slashes(raw);
        return path;
    }
    Segments segments(json + 1, all.end());
    path.realms_form = !segments.empty() && segments[0].text == "realms";
    if (path.realms_form) {
        take_realms(segments, path, memory);
    } else {
        take_old_realm(segments, path, realms, memory);
    }
    route(segments, path);
    return path;
}

Realm parse_realm(std::string_view value, Memory& memory) {
    std::string_view rest = without_outer_slashes(value);
    RealmBuilder realm(value.size() + 1, memory);
    while (!rest.empty()) {
        const bool last = rest.find('/') == std::string_view::npos;
        realm.add(take_element(rest));
        if (!last && rest.empty()) {
            realm.add({});
        }
    }
    return realm.realm();
}

}  // namespace mfa_reset::am
