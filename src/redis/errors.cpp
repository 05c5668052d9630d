// See errors.hpp.
#include "redis/errors.hpp"

#include <algorithm>
#include <iterator>

namespace mfa_reset::redis {

namespace {

constexpr ErrorClass kClasses[] = {
    {"LOADING", true, Remedy::none},           //
    {"READONLY", true, Remedy::other_master},  //
    {"MASTERDOWN", true, Remedy::other_master},
    {"BUSY", true, Remedy::none},
    {"OOM", true, Remedy::none},
    {"MISCONF", true, Remedy::none},
    {"NOREPLICAS", true, Remedy::none},
    {"NOAUTH", true, Remedy::reconnect},
    {"MOVED", true, Remedy::redirect},
    {"ASK", true, Remedy::redirect},
    {"TRYAGAIN", true, Remedy::wait},
    {"CLUSTERDOWN", true, Remedy::wait},
};
constexpr ErrorClass kUnknown{{}, false, Remedy::none};

}  // namespace

const ErrorClass& error_class(std::string_view name) noexcept {
    const auto* found = std::ranges::find(kClasses, name, &ErrorClass::name);
    return found == std::end(kClasses) ? kUnknown : *found;
}

}  // namespace mfa_reset::redis
