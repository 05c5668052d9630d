// Access tokens of administrators: an authorization server says whose they are (RFC 7662).
// Contract: am.md, "Beside AM", bearer tokens.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "am/request.hpp"
#include "am/session.hpp"
#include "am/store.hpp"
#include "mfa_reset/api.hpp"

namespace mfa_reset::am {

/// The request's bearer token, unchecked. nullopt: mfa_reset_am_bearer is off, the request has an
/// SSO token, which goes first, or its `Authorization` is of another scheme.
std::optional<std::string_view> bearer_of(const ParsedRequest& request) noexcept;

/// What an authorization server says of a token.
struct Introspection {
    std::string_view why_not{};  ///< a sentence: the token is not good; empty: it is
    std::string_view caller{};   ///< not empty, without a NUL
    std::string_view scope{};    ///< separated by blanks
    std::optional<std::chrono::sys_seconds> ends{};  ///< nullopt: it does not say
};

/// Reads the server's answer. nullopt: it says nothing about a token. Views are into `memory`.
/// Throws std::bad_alloc.
std::optional<Introspection> parse_introspection(std::string_view body,
                                                 std::chrono::sys_seconds now, Memory& memory);

/// Asks the authorization server whose the token of bearer_of() is, or `store`, if that remembers
/// what the server said a moment ago. Such a caller has the universal id `id=<caller>`, which names
/// no kind of identity and so is no user's. `request` must live until the Task has ended. Throws
/// std::bad_alloc only.
Task<Session> introspect(const ParsedRequest& request, Store& store, Services& services);

}  // namespace mfa_reset::am
