#include "nginx/request/variables.hpp"

#include <algorithm>
#include <string_view>

#include "format/ascii.hpp"
#include "nginx/conf/conf.hpp"
#include "nginx/request/trace_record.hpp"

namespace mfa_reset::nginx {

namespace {

ngx_int_t set(ngx_http_variable_value_t* value, std::string_view text) noexcept {
    if (text.empty()) {
        value->not_found = 1;
        return NGX_OK;
    }
    const ngx_str_t bytes = str(text);
    value->data = bytes.data;
    value->len = static_cast<unsigned>(bytes.len) & 0xFFFFFFFU;
    value->valid = 1;
    value->no_cacheable = 0;
    value->not_found = 0;
    return NGX_OK;
}

template <class... Args>
ngx_int_t set_formatted(ngx_http_request_t* r, ngx_http_variable_value_t* value, const char* format,
                        Args... args) noexcept {
    constexpr std::size_t kCapacity = NGX_INT64_LEN * 2 + 2;
    auto* text = static_cast<u_char*>(ngx_pnalloc(r->pool, kCapacity));
    if (text == nullptr) {
        return NGX_ERROR;
    }
    const u_char* end = ngx_snprintf(text, kCapacity, format, args...);
    return set(value, {reinterpret_cast<const char*>(text), static_cast<std::size_t>(end - text)});
}

/// A name from outside may have any character, and an operator may put the variable into a header:
/// writes control characters as %XX, and `%` too, unless `text` is `encoded` already.
ngx_int_t set_encoded(ngx_http_request_t* r, ngx_http_variable_value_t* value,
                      std::string_view text, bool encoded) noexcept {
    const auto is_special = [encoded](char c) {
        return format::is_control(c) || (c == '%' && !encoded);
    };
    const auto special = static_cast<std::size_t>(std::ranges::count_if(text, is_special));
    if (special == 0) {
        return set(value, text);
    }
    const std::size_t capacity = text.size() + 2 * special;
    auto* bytes = static_cast<u_char*>(ngx_pnalloc(r->pool, capacity));
    if (bytes == nullptr) {
        return NGX_ERROR;
    }
    u_char* end = bytes;
    for (const char c : text) {
        if (is_special(c)) {
            end = ngx_sprintf(end, "%%%02Xd", static_cast<int>(c));
        } else {
            *end++ = static_cast<u_char>(c);
        }
    }
    return set(value, {reinterpret_cast<const char*>(bytes), capacity});
}

/// A variable that shows one text of the trace.
template <std::string_view Trace::*Text>
ngx_int_t get_text(ngx_http_request_t* r, ngx_http_variable_value_t* value, uintptr_t) noexcept {
    const TraceRecord* record = find_trace_record(r);
    return set(value, record != nullptr ? record->trace.*Text : std::string_view{});
}

/// A variable that shows a name, which may be encoded already.
template <std::string_view Trace::*Name, bool Trace::*Encoded>
ngx_int_t get_name(ngx_http_request_t* r, ngx_http_variable_value_t* value, uintptr_t) noexcept {
    const TraceRecord* record = find_trace_record(r);
    return record == nullptr ? set(value, {})
                             : set_encoded(r, value, record->trace.*Name, record->trace.*Encoded);
}

/// The target, which is never encoded.
ngx_int_t get_target(ngx_http_request_t* r, ngx_http_variable_value_t* value, uintptr_t) noexcept {
    const TraceRecord* record = find_trace_record(r);
    return set_encoded(r, value, record != nullptr ? record->trace.target : std::string_view{},
                       false);
}

ngx_int_t get_result(ngx_http_request_t* r, ngx_http_variable_value_t* value, uintptr_t) noexcept {
    const TraceRecord* record = find_trace_record(r);
    return set(value, record != nullptr ? to_string(record->trace.result) : std::string_view{});
}

/// Seconds with microseconds.
ngx_int_t get_store_time(ngx_http_request_t* r, ngx_http_variable_value_t* value,
                         uintptr_t) noexcept {
    const TraceRecord* record = find_trace_record(r);
    if (record == nullptr || !record->trace.store_asked) {
        return set(value, {});
    }
    const std::uint64_t time = record->trace.store_time;
    return set_formatted(r, value, "%uL.%06uL", time / 1000000, time % 1000000);
}

/// The Redis that the request used, else the one that its location would use, else the only one of
/// the configuration, for a status page.
const RedisServer* server_of(ngx_http_request_t* r) noexcept {
    if (const TraceRecord* record = find_trace_record(r)) {
        return record->server;
    }
    if (const RecordsEntry* records = loc_conf(r).records) {
        return &records->server();
    }
    const auto& main =
        *static_cast<MainConf*>(ngx_http_get_module_main_conf(r, ngx_http_mfa_reset_module));
    return main.servers.size() == 1 ? &main.servers.front() : nullptr;
}

const redis::Client* client_of(ngx_http_request_t* r) noexcept {
    const RedisServer* server = server_of(r);
    return server != nullptr ? server->started_client() : nullptr;
}

ngx_int_t get_redis_state(ngx_http_request_t* r, ngx_http_variable_value_t* value,
                          uintptr_t) noexcept {
    const redis::Client* client = client_of(r);
    if (client == nullptr) {
        return set(value, {});
    }
    switch (client->state()) {
        case redis::Client::State::connecting: return set(value, "connecting");
        case redis::Client::State::up: return set(value, "up");
        case redis::Client::State::down: return set(value, "down");
    }
    return NGX_ERROR;
}

ngx_int_t get_redis_pending(ngx_http_request_t* r, ngx_http_variable_value_t* value,
                            uintptr_t) noexcept {
    const redis::Client* client = client_of(r);
    return client == nullptr ? set(value, {}) : set_formatted(r, value, "%uz", client->pending());
}

ngx_int_t get_version(ngx_http_request_t*, ngx_http_variable_value_t* value, uintptr_t) noexcept {
    return set(value, MFA_RESET_VERSION);
}

struct Variable {
    ngx_str_t name;
    ngx_http_get_variable_pt get;
};

const Variable variables[] = {
    {ngx_string("mfa_reset_api"), get_text<&Trace::api>},
    {ngx_string("mfa_reset_action"), get_text<&Trace::action>},
    {ngx_string("mfa_reset_caller"), get_name<&Trace::caller, &Trace::caller_encoded>},
    {ngx_string("mfa_reset_realm"), get_name<&Trace::realm, &Trace::realm_encoded>},
    {ngx_string("mfa_reset_target"), get_target},
    {ngx_string("mfa_reset_result"), get_result},
    {ngx_string("mfa_reset_request"), get_text<&Trace::request>},
    {ngx_string("mfa_reset_trace"), get_text<&Trace::trace>},
    {ngx_string("mfa_reset_store_time"), get_store_time},
    {ngx_string("mfa_reset_redis_state"), get_redis_state},
    {ngx_string("mfa_reset_redis_pending"), get_redis_pending},
    {ngx_string("mfa_reset_version"), get_version},
};

}  // namespace

ngx_int_t add_variables(ngx_conf_t* cf) noexcept {
    for (const Variable& variable : variables) {
        ngx_str_t name = variable.name;
        ngx_http_variable_t* added = ngx_http_add_variable(cf, &name, NGX_HTTP_VAR_NOCACHEABLE);
        if (added == nullptr) {
            return NGX_ERROR;
        }
        added->get_handler = variable.get;
    }
    return NGX_OK;
}

}  // namespace mfa_reset::nginx
