#include "am/path.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "format/ascii.hpp"
#include "format/hex.hpp"
#include "format/text.hpp"
#include "format/utf8.hpp"
#include "format/words.hpp"
#include "http/percent.hpp"

namespace mfa_reset::am {

namespace {

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

/// The elements of a path: what is between its slashes. Each is found when it is asked for.
class Elements {
public:
    explicit Elements(std::string_view path) noexcept : path_(path), over_(path.empty()) { find(); }

    bool empty() const noexcept { return over_; }
    std::string_view front() const noexcept { return path_.substr(begin_, end_ - begin_); }
    std::string_view rest() const noexcept { return path_.substr(begin_); }
    std::size_t position() const noexcept { return begin_; }

    void pop() noexcept {
        over_ = end_ == path_.size();
        begin_ = std::min(end_ + 1, path_.size());
        find();
    }
    /// The first element, which is taken off; empty if there is none.
    std::string_view take() noexcept {
        const std::string_view element = front();
        pop();
        return element;
    }

private:
    void find() noexcept {
        end_ = begin_;
        while (end_ < path_.size() && path_[end_] != '/') {
            ++end_;
        }
    }

    std::string_view path_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    bool over_;
};

/// What stands for a slash that was encoded, and so does not end its element, as long as elements
/// are looked for. A NUL in a path is a fault.
constexpr char kInnerSlash = '\0';

/// A path without its outer slashes, decoded once. Most are as they would be decoded: then `text`
/// is `raw`.
struct Decoded {
    std::string_view raw;
    std::string_view text{};
    char* bytes = nullptr;                          ///< of `text`, if it is not `raw`
    std::size_t nul = std::string_view::npos;       ///< where the first one is in `text`
    std::size_t not_utf8 = std::string_view::npos;  ///< the first byte of that kind
    bool well_encoded = true;

    /// The raw path from where `text` has the element at `position` on.
    std::string_view raw_from(std::size_t position) const noexcept {
        if (bytes == nullptr) {
            return raw.substr(position);
        }
        std::size_t slashes = format::count_bytes(text.substr(0, position), '/');
        std::size_t at = 0;
        for (; slashes > 0; --slashes) {
            at += format::find_byte(raw.substr(at), '/') + 1;
        }
        return raw.substr(std::min(at, raw.size()));
    }
};

/// Decodes into `out`, which has as many bytes as `raw`; returns how many were used. Stops before a
/// `%` without two hex digits.
std::size_t decode(std::string_view raw, char* out, Decoded& decoded) noexcept {
    std::size_t size = 0;
    for (std::size_t at = 0; at < raw.size(); ++at) {
        char byte = raw[at];
        if (byte == '\0') {
            decoded.nul = std::min(decoded.nul, size);
        } else if (byte == '%') {
            const int value = raw.size() - at < 3 ? -1 : format::hex_pair(raw.data() + at + 1);
            if (value < 0) {
                decoded.well_encoded = false;
                break;
            }
            byte = value == '/' ? kInnerSlash : static_cast<char>(value);
            decoded.nul = value == 0 ? std::min(decoded.nul, size) : decoded.nul;
            at += 2;
        }
        out[size++] = byte;
    }
    return size;
}

Decoded decode_path(std::string_view raw, Memory& memory) {
    Decoded decoded{.raw = without_outer_slashes(raw)};
    const std::string_view path = decoded.raw;
    decoded.text = path;
    if (format::is_ascii(path) && format::find_byte(path, '%') == path.size() &&
        path.find('\0') == std::string_view::npos) {
        return decoded;
    }
    decoded.bytes = static_cast<char*>(memory.allocate(std::max<std::size_t>(path.size(), 1), 1));
    decoded.text = {decoded.bytes, decode(path, decoded.bytes, decoded)};
    const std::size_t valid = format::utf8_prefix(decoded.text);
    decoded.not_utf8 = valid == decoded.text.size() ? decoded.not_utf8 : valid;
    return decoded;
}

/// Bad percent-encoding anywhere comes before the other faults, and these in the order of the
/// elements.
Path::Fault fault_of(const Decoded& decoded) noexcept {
    if (!decoded.well_encoded) {
        return Path::Fault::encoding;
    }
    for (Elements elements(decoded.text); !elements.empty(); elements.pop()) {
        const std::string_view element = elements.front();
        if (element.empty()) {
            return Path::Fault::empty_element;
        }
        if (element == "." || element == "..") {
            return Path::Fault::dot_element;
        }
        const std::size_t end = elements.position() + element.size();
        if (decoded.nul < end) {
            return Path::Fault::nul;
        }
        if (decoded.not_utf8 < end) {
            return Path::Fault::not_utf8;
        }
    }
    return Path::Fault::none;
}

/// `root` is the top level wherever it stands.
bool is_root(std::string_view name) noexcept { return format::equal_ignoring_case(name, "root"); }

/// Appends `names` with their encoded slashes as slashes.
void append_decoded(format::Text& text, std::string_view names) {
    for (std::size_t end = names.find(kInnerSlash); end != std::string_view::npos;
         end = names.find(kInnerSlash)) {
        text.append(names.substr(0, end)).append("/");
        names.remove_prefix(end + 1);
    }
    text.append(names);
}

/// Puts a realm's path together, name by name from the top.
class RealmBuilder {
public:
    explicit RealmBuilder(std::size_t room, Memory& memory) : text_(memory, room) {}

    void add(std::string_view name) {
        well_formed_ = well_formed_ && is_realm_name(name);
        append_decoded(text_.append("/"), name);
    }
    void clear() noexcept {
        text_.clear();
        well_formed_ = true;
    }
    Realm realm() const noexcept {
        return text_.view().empty() ? Realm{} : Realm{text_.view(), well_formed_};
    }

private:
    format::Text text_;
    bool well_formed_ = true;
};

/// Takes `realms/{r}/realms/{s}…` off `elements`. A name `root` starts again at the top.
void take_realms(Elements& elements, Path& path, Memory& memory) {
    const std::size_t size = elements.rest().size() + 1;
    RealmBuilder realm(size, memory);
    path.without_root = true;
    while (elements.front() == "realms") {
        Elements behind = elements;
        behind.pop();
        if (behind.empty()) {
            break;
        }
        const std::string_view name = behind.take();
        if (is_root(name)) {
            realm.clear();
            path.without_root = false;
        } else {
            realm.add(name);
        }
        elements = behind;
    }
    path.realm = realm.realm();
    path.without_root = path.without_root && path.realm.path != "/";
}

/// The names of the old form, each with a slash before it: elements of `text` from `begin` to
/// before `end`. None of them is empty or a dot.
std::string_view old_names(std::string_view text, std::size_t begin, std::size_t end) noexcept {
    return begin == end ? std::string_view{} : text.substr(begin - 1, end - begin);
}

Realm realm_below(std::string_view base, std::string_view names, Memory& memory) {
    if (names.empty()) {
        return {.path = base};
    }
    const bool well_formed = std::none_of(names.begin(), names.end(), format::is_control);
    if (base == "/") {
        return {names, well_formed};
    }
    format::Text path(memory, base.size() + names.size());
    append_decoded(path.append(base), names);
    return {path.view(), well_formed};
}

/// Whether `elements` are `name` and nothing more.
bool is_last(Elements elements, std::string_view name) noexcept {
    return elements.take() == name && elements.empty();
}

/// Takes the old form's realm off `elements`: everything before the first `users`, or before a
/// later one if that is a realm that is listed (one that is called `users` has such a path). It is
/// below `base`, or below the top level if a name before the first `users` is `root`. Without
/// `users`, everything before a last element `sessions`.
void take_old_realm(const Decoded& decoded, Elements& elements, Path& path, const PathRules& rules,
                    Memory& memory) {
    std::size_t begin = elements.position();
    std::size_t end = begin;
    std::string_view base = rules.base_realm;
    std::optional<Elements> rest;
    for (Elements left = elements; !left.empty(); left.pop()) {
        if (rest && base.size() + left.position() - begin > rules.realms.longest() + 1) {
            break;
        }
        if (!rest && is_root(left.front())) {
            base = "/";
            begin = left.position() + left.front().size() + 1;
        }
        if (left.front() != "users" && (rest || !is_last(left, "sessions"))) {
            continue;
        }
        if (!rest ||
            rules.realms.find_below(base, old_names(decoded.text, begin, left.position()))) {
            end = left.position();
            rest = left;
        }
    }
    if (rest) {
        path.realm = realm_below(base, old_names(decoded.text, begin, end), memory);
        elements = *rest;
    }
}

/// Below the devices of one factor: [{uuid}].
void route_factor(Factor factor, Elements elements, const Decoded& decoded, Path& path) noexcept {
    path.factor = factor;
    path.place = Path::Place::devices;
    path.resource = {};
    if (!elements.empty()) {
        path.resource = decoded.raw_from(elements.position());
        path.device = elements.take();
        path.place = elements.empty() ? Path::Place::device : Path::Place::deeper;
    }
}

/// Below `devices/2fa`: [{factor}…], or events.
void route_factors(Elements elements, const Decoded& decoded, Path& path) noexcept {
    if (elements.empty()) {
        path.place = Path::Place::overview;
        return;
    }
    const std::string_view name = elements.take();
    if (const auto factor = factor_of(name)) {
        route_factor(*factor, elements, decoded, path);
    } else if (name == "events" && elements.empty()) {
        path.place = Path::Place::events;
    }
}

/// What is left once the realm is off: users/{user}/devices/2fa…, OpenAM's devices/push…, or
/// sessions.
void route(Elements elements, const Decoded& decoded, Path& path) noexcept {
    path.route = decoded.raw_from(elements.position());
    path.resource = path.route;
    const std::string_view first = elements.take();
    if (first == "sessions" && elements.empty()) {
        path.place = Path::Place::sessions;
        return;
    }
    const std::string_view user = elements.take();
    if (first != "users" || elements.take() != "devices") {
        return;
    }
    const std::string_view kind = elements.take();
    if (kind == "2fa") {
        route_factors(elements, decoded, path);
    } else if (kind == "push") {
        route_factor(Factor::push, elements, decoded, path);
    }
    if (path.place != Path::Place::elsewhere) {
        path.user = user;
    }
}

}  // namespace

Path parse_path(std::string_view raw, Memory& memory, const PathRules& rules) {
    Path path;
    const Decoded decoded = decode_path(raw, memory);
    path.fault = fault_of(decoded);
    if (path.fault != Path::Fault::none) {
        return path;
    }
    Elements elements(decoded.text);
    while (!elements.empty() && elements.front() != "json") {
        elements.pop();
    }
    if (elements.empty()) {
        path.route = decoded.raw;
        path.resource = decoded.raw;
        return path;
    }
    elements.pop();
    path.realms_form = elements.front() == "realms";
    if (path.realms_form) {
        take_realms(elements, path, memory);
    } else {
        take_old_realm(decoded, elements, path, rules, memory);
    }
    route(elements, decoded, path);
    std::replace(decoded.bytes,
                 decoded.bytes + (decoded.bytes == nullptr ? 0 : decoded.text.size()), kInnerSlash,
                 '/');
    return path;
}

Realm parse_realm(std::string_view value, Memory& memory) {
    std::string_view names = without_outer_slashes(value);
    bool well_formed = true;
    for (Elements elements(names); !elements.empty();) {
        if (is_root(elements.take())) {
            names = elements.rest();
            elements = Elements(names);
        }
    }
    for (Elements elements(names); !elements.empty(); elements.pop()) {
        well_formed = well_formed && is_realm_name(elements.front());
    }
    return names.empty() ? Realm{} : Realm{format::concat(memory, "/", names), well_formed};
}

}  // namespace mfa_reset::am
