#include "foundry/session.hpp"

#include <algorithm>

#include "format/ascii.hpp"
#include "format/json_object.hpp"

namespace mfa_reset::foundry {

namespace {

using Reader = format::JsonReader;
using Token = Reader::Token;
using Texts = std::pmr::vector<std::string_view>;

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxId = 128;

constexpr bool is_id_character(char character) noexcept {
    return format::is_letter(character) || format::is_digit(character) ||
           std::string_view("+/=_-").find(character) != std::string_view::npos;
}

/// Takes the value that `token` begins for `texts`: a text, or the texts of an array.
void read_texts(Reader& reader, Token token, Texts& texts, Memory& memory) {
    texts.clear();
    if (token == Token::string) {
        texts.push_back(reader.text(memory));
    }
    if (token != Token::array) {
        return;
    }
    for (token = reader.next(); token != Token::end_array && token != Token::fault;
         token = reader.next()) {
        if (token == Token::string) {
            texts.push_back(reader.text(memory));
        } else if (!reader.skip()) {
            return;
        }
    }
}

/// A string, a boolean or a whole number, as text.
std::optional<std::string_view> read_scalar(const Reader& reader, Token token, Memory& memory) {
    const bool is_text = token == Token::string;
    const bool is_whole =
        token == Token::number && reader.raw().find_first_of(".eE") == std::string_view::npos;
    return is_text || is_whole || token == Token::boolean ? std::optional(reader.text(memory))
                                                          : std::nullopt;
}

/// Reads one session.
class SessionParser {
public:
    SessionParser(std::string_view json, format::MemberNames wanted, Memory& memory)
        : reader_(json, kMaxDepth), wanted_(wanted), memory_(memory) {}

    std::optional<auth::Principal> parse() {
        const bool is_object = format::each_json_member(
            reader_, memory_,
            [this](std::string_view name, Token token) { read_member(name, token); });
        const bool good = is_object && is_authenticated_ && !is_doubtful_ && !principal_.id.empty();
        return good ? std::optional(std::move(principal_)) : std::nullopt;
    }

private:
    void read_member(std::string_view name, Token token) {
        const auto is = [name](std::string_view other) {
            return format::equal_ignoring_case(name, other);
        };
        if (is("isAuthenticated")) {
            const bool is_true = token == Token::boolean && reader_.raw() == "true";
            is_authenticated_ = is_authenticated_ || is_true;
            is_doubtful_ = is_doubtful_ || !is_true;
        } else if (is("userAuthId")) {
            principal_.id = read_scalar(reader_, token, memory_).value_or(std::string_view{});
        } else if (is("roles")) {
            read_texts(reader_, token, principal_.roles, memory_);
        } else if (is("permissions")) {
            read_texts(reader_, token, principal_.permissions, memory_);
        } else if (token != Token::null &&
                   (wanted_.empty() || std::any_of(wanted_.begin(), wanted_.end(), is))) {
            read_detail(name, token);
        }
    }

    void read_detail(std::string_view name, Token token) {
        if (const auto text = read_scalar(reader_, token, memory_)) {
            principal_.details.push_back({name, *text});
        } else {
            principal_.nested.push_back(name);
        }
    }

    Reader reader_;
    format::MemberNames wanted_;
    Memory& memory_;
    auth::Principal principal_{memory_};
    bool is_authenticated_ = false;
    bool is_doubtful_ = false;  ///< an `isAuthenticated` is not true
};

}  // namespace

bool is_session_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= kMaxId &&
           std::all_of(text.begin(), text.end(), is_id_character);
}

std::optional<auth::Principal> parse_session(std::string_view json, format::MemberNames wanted,
                                             Memory& memory) {
    return json.size() > kMaxStored ? std::nullopt : SessionParser(json, wanted, memory).parse();
}

UserState read_user_roles(std::string_view json, auth::Principal& principal, Memory& memory) {
    principal.roles.clear();
    principal.permissions.clear();
    Reader reader(json.size() > kMaxStored ? std::string_view{} : json, kMaxDepth);
    bool is_locked = false;
    const bool is_object =
        format::each_json_member(reader, memory, [&](std::string_view name, Token token) {
            if (format::equal_ignoring_case(name, "roles")) {
                read_texts(reader, token, principal.roles, memory);
            } else if (format::equal_ignoring_case(name, "permissions")) {
                read_texts(reader, token, principal.permissions, memory);
            } else if (format::equal_ignoring_case(name, "lockedDate")) {
                is_locked = is_locked || token != Token::null;
            }
        });
    if (!is_object || is_locked) {
        principal.roles.clear();
        principal.permissions.clear();
    }
    return !is_object ? UserState::unreadable : is_locked ? UserState::locked : UserState::good;
}

}  // namespace mfa_reset::foundry
