// The operator's settings for the records. The defaults are those of the directives.
#pragma once

#include <cstddef>
#include <string>

namespace mfa_reset::records {

struct Settings {
    std::string prefix;             ///< mfa_reset_prefix
    std::size_t events_length = 0;  ///< mfa_reset_events_length; 0: users have no events
    /// The key of mfa_reset_events_stream, prefix included; empty: no stream. Not for a Redis
    /// Cluster: it would be in another slot than most users.
    std::string events_stream{};
    std::size_t events_stream_length = 1'000'000;  ///< about this number is kept; not 0

    bool operator==(const Settings&) const = default;
};

}  // namespace mfa_reset::records
