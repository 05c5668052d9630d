// How a directive's value is read. nginx's own setters say "invalid value"; these say what to
// write.
#pragma once

#include <string_view>

#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// In ngx_command_t::post of set_number.
struct NumberRange {
    ngx_int_t least;
    ngx_int_t most;
};

/// In ngx_command_t::post of set_time: milliseconds.
struct TimeRange {
    ngx_msec_t least;
    ngx_msec_t most;
};

/// In ngx_command_t::post of set_choice: what may be written, and the sentence that lists it.
struct Choices {
    const ngx_conf_enum_t* values;  // ends with a null name
    const char* sentence;
};

/// In ngx_command_t::post of set_text and set_texts: nullptr, or the sentence that refuses `text`.
struct TextCheck {
    const char* (*refusal)(const ngx_str_t& text) noexcept;
};

char* set_number(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept;
char* set_time(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept;
char* set_choice(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept;
char* set_text(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept;
/// One or more texts, each as set_text takes it, into an ngx_array_t* of ngx_str_t.
char* set_texts(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept;

/// What follows `name`, as in `lock=15m`, in a parameter; a null string where it is another one.
ngx_str_t value_of(const ngx_str_t& parameter, std::string_view name) noexcept;

}  // namespace mfa_reset::nginx
