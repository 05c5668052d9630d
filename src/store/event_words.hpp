// How a script that adds an event is called: the keys and the arguments that all of them begin with
// (common/event.lua).
#pragma once

#include <string_view>
#include <vector>

#include "mfa_reset/memory.hpp"
#include "store/keys.hpp"
#include "store/redis_store.hpp"

namespace mfa_reset::store {

/// What an event says, whatever the script.
struct EventParts {
    std::string_view api;
    std::string_view remote_address;
    std::string_view request;
};

/// The words of such a script's call, with room for what RedisStore::run() puts before them; the
/// script's own arguments, about `more`, are to be added. A `session` that is not empty is a key,
/// too. Views what it is given. Throws std::bad_alloc.
std::pmr::vector<std::string_view> event_words(const StoreSettings& settings, const UserKeys& user,
                                               std::string_view session, const EventParts& event,
                                               std::size_t more, Memory& memory);

}  // namespace mfa_reset::store
