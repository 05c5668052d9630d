// Where resets leave their events beside the users' own: the one stream of all users.
#pragma once

#include "nginx/conf_place.hpp"

namespace mfa_reset::nginx {

/// Part of LocConf, and plain as that is.
struct EventsConf {
    ngx_str_t stream;  // below the prefix; `off`: none
    ngx_int_t stream_length;
    ConfPlace stream_place;
};

/// Sets what zeros do not say.
void init(EventsConf& conf) noexcept;
/// All of it comes from one directive, and is inherited together.
void merge(EventsConf& conf, const EventsConf& parent) noexcept;

inline bool has_stream(const EventsConf& conf) noexcept { return view(conf.stream) != "off"; }

/// `mfa_reset_events_stream NAME [length=N] | off`: the name as set_text does.
char* set_events_stream(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept;

}  // namespace mfa_reset::nginx
