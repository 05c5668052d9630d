// Who is calling, and what the caller may do (contracts: foundry.md, "Who is calling").
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "auth/principal.hpp"
#include "foundry/members.hpp"
#include "foundry/request.hpp"
#include "foundry/store.hpp"

namespace mfa_reset::foundry {

/// What a request shows of its caller.
struct Credential {
    enum class Kind : std::uint8_t {
        none,
        token,    ///< a JWT
        session,  ///< the id of a ServiceStack session, of the form of one
    };
    Kind kind = Kind::none;
    std::string_view text{};
    bool by_cookie = false;  ///< a browser sends it by itself
};

/// What the client put into a header of its own goes before cookies, and tokens before sessions:
/// ServiceStack gives a session's cookie to everybody, logged in or not. Only the first one found
/// counts: a bad one is not rescued by another. Tokens are looked for where a key is configured;
/// what is not of a token's form is none.
Credential find_credential(const ParsedRequest& request);

/// A caller, or why there is none.
struct Identity {
    std::optional<auth::Principal> principal{};
    std::optional<Refusal> refusal{};
};

/// By the session of the request's id, or by its token; with the roles of either, or of the
/// caller's own record. If there is a refusal, the principal says nothing.
Task<Identity> identify(const Credential& credential, const ParsedRequest& request, Store& store,
                        Services& services);

/// Known by a cookie, the caller must show that the request is deliberate, and not made by a page
/// of another site in the caller's browser.
std::optional<Refusal> check_deliberate(const Credential& credential, const ParsedRequest& request);

/// Has the caller a role or permission that may reset?
std::optional<Refusal> check_role(const auth::Principal& caller, const ParsedRequest& request);

/// Where the caller is, as session or token say it; empty: outside of all organisations, or it is
/// no text.
std::string_view organisation_of(const auth::Principal& caller,
                                 const ParsedRequest& request) noexcept;

/// Where caller and target are; each is empty outside of all organisations.
struct Organisations {
    std::string_view of_caller;
    std::string_view of_target;
    std::optional<Refusal> refusal{};
};

/// The organisation that the request means, if the caller may act there.
Organisations find_organisations(const auth::Principal& caller, const ResetMembers& members,
                                 const ParsedRequest& request);

}  // namespace mfa_reset::foundry
