// See conf_events.hpp.
#include "nginx/conf_events.hpp"

#include <span>

#include "nginx/conf.hpp"
#include "nginx/setters.hpp"

namespace mfa_reset::nginx {

namespace {

constexpr ngx_int_t kMostEvents = 1000000000;

/// The number of `length=N`; NGX_ERROR for what is none.
ngx_int_t read_length(const ngx_str_t& word) noexcept {
    const ngx_str_t number = value_of(word, "length=");
    const ngx_int_t length = ngx_atoi(number.data, number.len);
    return length >= 1 && length <= kMostEvents ? length : NGX_ERROR;
}

}  // namespace

void init(EventsConf& conf) noexcept { conf.stream_length = NGX_CONF_UNSET; }

void merge(EventsConf& conf, const EventsConf& parent) noexcept {
    if (conf.stream.data == nullptr) {
        conf.stream_length = parent.stream_length;
        conf.stream_place = parent.stream_place;
    }
    inherit(conf.stream, parent.stream, "off");
    ngx_conf_init_value(conf.stream_length, 1000000);
}

char* set_events_stream(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    EventsConf& events = static_cast<LocConf*>(conf)->events;
    events.stream_place = current_place(cf);
    if (char* const problem = set_text(cf, cmd, conf); problem != NGX_CONF_OK) {
        return problem;
    }
    const std::span words{static_cast<const ngx_str_t*>(cf->args->elts), cf->args->nelts};
    if (words.size() < 3) {
        return NGX_CONF_OK;
    }
    events.stream_length = has_stream(events) ? read_length(words[2]) : NGX_ERROR;
    if (events.stream_length == NGX_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"mfa_reset_events_stream\" has an invalid parameter \"%V\": write %s",
                           &words[2],
                           has_stream(events) ? "length= and a number from 1 to 1000000000"
                                              : "off alone, or the name of a stream in its place");
        return static_cast<char*>(NGX_CONF_ERROR);
    }
    return NGX_CONF_OK;
}

}  // namespace mfa_reset::nginx
