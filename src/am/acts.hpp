// What is done for a request that passed all checks of its own, and what is answered. The store
// authorizes and acts in one step; an edit of a list of devices is two of them, since the list is
// read here: the second is done only if the list is the same as at the first.
#pragma once

#include "am/request.hpp"
#include "am/store.hpp"
#include "mfa_reset/api.hpp"
#include "mfa_reset/task.hpp"

namespace mfa_reset::am {

/// `order`: caller and target are set. All references must live until the Task has ended. Throws
/// std::bad_alloc only.
Task<Response> perform(const ParsedRequest& request, Order& order, Store& store,
                       Services& services);

}  // namespace mfa_reset::am
