#include "redis/protocol/errors.hpp"

#include <algorithm>
#include <iterator>

namespace mfa_reset::redis {

namespace {

// clang-format off
constexpr ErrorClass kClasses[kErrorClasses] = {
    {"LOADING", true, Remedy::none, Proof::answer,
     "it reads its files: wait until it has"},
    {"READONLY", true, Remedy::other_master, Proof::write,
     "it is a replica, and writes nothing: the URL must lead to the master"},
    {"MASTERDOWN", true, Remedy::other_master, Proof::answer,
     "it is a replica that has lost its master: the URL must lead to the master"},
    {"BUSY", true, Remedy::none, Proof::answer,
     "a script runs for too long: end it with SCRIPT KILL, and find out whose it is"},
    {"OOM", true, Remedy::none, Proof::write,
     "it is full: raise its maxmemory, or make room"},
    {"MISCONF", true, Remedy::none, Proof::write,
     "it cannot write to its disk: look at its own log"},
    {"NOREPLICAS", true, Remedy::none, Proof::write,
     "it has too few replicas to write: look at its min-replicas-to-write"},
    {"NOAUTH", true, Remedy::reconnect, Proof::answer,
     "it wants a password: give one in the URL or by the password file"},
    {"WRONGPASS", true, Remedy::reconnect, Proof::answer,
     "the user or the password is wrong: correct the URL or the password file"},
    {"NOPERM", false, Remedy::none, Proof::answer,
     "the user lacks a right: ACL LOG in Redis says which"},
    {"NOSCRIPT", false, Remedy::none, Proof::answer, {}},
    {"MOVED", true, Remedy::redirect, Proof::answer,
     "it is a node of a Redis Cluster: the URL must say so"},
    {"ASK", true, Remedy::redirect, Proof::answer,
     "it is a node of a Redis Cluster: the URL must say so"},
    {"TRYAGAIN", true, Remedy::wait, Proof::answer, {}},
    {"CLUSTERDOWN", true, Remedy::wait, Proof::answer,
     "its cluster does not serve all slots: look at CLUSTER INFO"},
};
// clang-format on
static_assert(!kClasses[kErrorClasses - 1].name.empty());
constexpr ErrorClass kUnknown{{}, false, Remedy::none, Proof::answer, {}};

/// Redis 6 wraps the error of a command that a script gave:
/// `ERR Error running script (call to f_…): @user_script:4: @user_script: 4: -READONLY …`
constexpr std::string_view kWrapped = "ERR Error running script (call to f_";
constexpr std::string_view kInside = ": -";

/// How Redis 7, and 7.2, say NOPERM of a command that a script gave.
constexpr std::string_view kNoRightInScript[] = {
    "The user executing the script can't ",
    "ACL failure in script: ",
};

/// Bytes of an argument that make it worth hiding, and that give it away: Redis quotes long ones in
/// part.
constexpr std::size_t kTelling = 8;

}  // namespace

std::span<const ErrorClass, kErrorClasses> error_classes() noexcept { return kClasses; }

const ErrorClass& error_class(std::string_view name) noexcept {
    const auto* found = std::ranges::find(kClasses, name, &ErrorClass::name);
    return found == std::end(kClasses) ? kUnknown : *found;
}

const ErrorClass& error_class(const Reply& error) noexcept {
    const std::string_view name = error.error_class();
    if (name != "ERR") {
        return error_class(name);
    }
    const std::string_view text = error.text;
    if (std::ranges::any_of(kNoRightInScript, [text](std::string_view part) {
            return text.find(part) != std::string_view::npos;
        })) {
        return error_class("NOPERM");
    }
    const auto inside = text.starts_with(kWrapped) ? text.find(kInside) : std::string_view::npos;
    if (inside == std::string_view::npos) {
        return kUnknown;
    }
    const std::string_view own = text.substr(inside + kInside.size());
    return error_class(own.substr(0, own.find(' ')));
}

std::string_view without_arguments(std::string_view text,
                                   std::span<const std::string_view> words) noexcept {
    // The class stays, unless it is none of Redis's; and so does the script that failed.
    const std::string_view name = text.substr(0, text.find(' '));
    const bool named = name == "ERR" || !error_class(name).name.empty();
    const std::size_t from = named ? name.size() : 0;
    const std::size_t own = !words.empty() && words.front().starts_with("EVAL") ? 2 : 1;
    for (const std::string_view word : words.subspan(std::min(own, words.size()))) {
        if (word.size() >= kTelling) {
            text = text.substr(0, text.find(word.substr(0, kTelling), from));
        }
    }
    return text;
}

}  // namespace mfa_reset::redis
