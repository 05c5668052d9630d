// All that one request says, read before any check: what it is to do, and in which manner its
// answer is written, is known even where it is refused at the first step.
#pragma once

#include <optional>
#include <string_view>

#include "am/headers.hpp"
#include "am/parameters.hpp"
#include "am/path.hpp"
#include "am/response.hpp"
#include "am/settings.hpp"
#include "am/version.hpp"
#include "mfa_reset/message.hpp"

namespace mfa_reset::am {

/// Who is to be reset.
struct Target {
    Subject subject;
    /// False for the universal id of another realm's user: nobody whom this path can reach.
    bool in_realm = true;
};

struct ParsedRequest {
    const Request& raw;  ///< as it was sent
    const Settings& settings;
    Memory& memory;

    Headers headers;
    Path path;
    Parameters parameters;
    std::optional<AcceptedVersions> versions{};  ///< nothing: malformed
    std::string_view method{};                   ///< after X-HTTP-Method-Override
    std::string_view realm{};  ///< as it is listed; as it was asked for, where it does not exist
    bool realm_exists = false;
    Target target{};
    Manner manner{};

    bool is_post() const noexcept { return method == "POST"; }
    bool asks_reset() const noexcept { return is_post() && parameters.action.value == "reset"; }
    /// Whether the resource version that was asked for, or the default one, is served.
    bool version_served() const noexcept;
};

ParsedRequest parse_request(const Request& raw, const Settings& settings, Memory& memory);

}  // namespace mfa_reset::am
