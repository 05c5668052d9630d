// What is logged of one request: a plain struct that outlives the coroutine, whose frames are gone
// when the access log is written. The $mfa_reset_* variables and the `info` line of a refusal are
// made from it. Views are to literals or to the request's memory.
//
// Never put a token, password, code or secret here. Names are as they were sent: escape them when
// you write them to a log.
#pragma once

#include <cstdint>
#include <string_view>

namespace mfa_reset {

/// How a request ended: $mfa_reset_result.
enum class Result : std::uint8_t {
    undecided,        ///< no response was made, for example because the client left
    ok,               ///< reset
    none,             ///< allowed, and there was nothing to reset
    forwarded,        ///< allowed here, left to the system behind
    malformed,        ///< the request breaks the API's syntax
    version,          ///< a version of the API that is not served
    realm,            ///< no such realm
    unauthenticated,  ///< unknown caller
    forbidden,        ///< the caller lacks the right
    unknown,          ///< no such user, route or method
    code,             ///< the caller's code was wrong
    locked,           ///< too many wrong codes
    unavailable,      ///< the store did not answer; nothing was done
    uncertain,        ///< the store's answer was lost; the reset may have happened
    fallback,         ///< not a reset; passed to mfa_reset_fallback
};

/// The variable's text; empty for undecided.
constexpr std::string_view to_string(Result result) noexcept {
    switch (result) {
        case Result::undecided: return "";
        case Result::ok: return "ok";
        case Result::none: return "none";
        case Result::forwarded: return "forwarded";
        case Result::malformed: return "malformed";
        case Result::version: return "version";
        case Result::realm: return "realm";
        case Result::unauthenticated: return "unauthenticated";
        case Result::forbidden: return "forbidden";
        case Result::unknown: return "unknown";
        case Result::code: return "code";
        case Result::locked: return "locked";
        case Result::unavailable: return "unavailable";
        case Result::uncertain: return "uncertain";
        case Result::fallback: return "fallback";
    }
    return "";
}

struct Trace {
    std::string_view api;      ///< its name
    std::string_view action;   ///< the act that was asked for, `reset-oath`
    std::string_view caller;   ///< `/alpha/demo` or a universal id, once known
    std::string_view realm;    ///< the target's realm, `/alpha`
    std::string_view target;   ///< the target's name as sent, percent-decoded
    std::string_view request;  ///< the id of this request in the events (hex)
    std::string_view trace;    ///< the client's id of what this request is part of, for its event
    std::string_view reason;   ///< of a refusal, one sentence for the error log
    Result result = Result::undecided;
    std::uint64_t store_time = 0;  ///< microseconds spent waiting for the store
    bool store_asked = false;
    bool caller_encoded = false;  ///< `caller` is a path of names that are percent-encoded
    bool realm_encoded = false;   ///< so is `realm`
    /// A command that writes was sent: the request waits for its outcome, even if its client
    /// leaves. Not set for a write to a cache.
    bool act_sent = false;
};

}  // namespace mfa_reset
