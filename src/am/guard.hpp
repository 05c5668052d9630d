// What a guard refuses. With the devices in AM (`mfa_reset_am_profiles am`) AM acts on what is
// handed on to it, and it may read a malformed path or query otherwise than this module does. If
// such a request could be meant as an action on devices, it is refused and not handed on. Source:
// contracts am.md, "Beside AM", "Malformed where a reset is meant".
#pragma once

#include <optional>

#include "am/request.hpp"
#include "am/response.hpp"

namespace mfa_reset::am {

/// A POST to a path with elements `json`, `users` and `devices`, cut at a `;`, whose query mentions
/// `_action`, and that is malformed: a fault in the path, a `;` in it, a query with a bad encoding,
/// or an action given twice. If device calls are guarded, a DELETE or PUT, too, whatever its query.
bool is_unsure(const ParsedRequest& request);

/// The 400 for such a request if there is a guard; nullopt if not. Comes after check_encoding(),
/// which has refused the faults of paths and queries.
std::optional<Refusal> check_guard(const ParsedRequest& request);

}  // namespace mfa_reset::am
