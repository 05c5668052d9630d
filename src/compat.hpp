// Every difference between the versions of hiredis and of nginx that we build against, and nothing
// else. The nginx part appears only where nginx's headers were included before: src/nginx.
#pragma once

#include <hiredis/hiredis.h>

#include <cstddef>

namespace mfa_reset::compat {

// hiredis 1.0 widened the length of an array, and added callbacks for RESP3's types.
#if HIREDIS_MAJOR >= 1
using ElementCount = std::size_t;
#else
using ElementCount = int;
#endif

/// The reader's callbacks: those of RESP2, and for RESP3's types, where hiredis knows them,
/// refusals: we never say HELLO 3, so such a reply is a wrong one.
inline redisReplyObjectFunctions reply_functions(void* (*string)(const redisReadTask*, char*,
                                                                 std::size_t),
                                                 void* (*array)(const redisReadTask*, ElementCount),
                                                 void* (*integer)(const redisReadTask*, long long),
                                                 void* (*nil)(const redisReadTask*),
                                                 void (*free_object)(void*)) noexcept {
    redisReplyObjectFunctions functions{};
    functions.createString = string;
    functions.createArray = array;
    functions.createInteger = integer;
    functions.createNil = nil;
    functions.freeObject = free_object;
#if HIREDIS_MAJOR >= 1
    functions.createDouble = [](const redisReadTask*, double, char*, std::size_t) -> void* {
        return nullptr;
    };
    functions.createBool = [](const redisReadTask*, int) -> void* { return nullptr; };
#endif
    return functions;
}

}  // namespace mfa_reset::compat

#ifdef nginx_version

// nginx may be built without TLS: src/nginx/redis/tls.cpp depends on it, and tls_absent.cpp
// replaces it. nginx's configure calls ours before it knows which one is needed.
#ifndef MFA_RESET_NGINX_TLS
#ifdef NGX_SSL
#define MFA_RESET_NGINX_TLS 1
#else
#define MFA_RESET_NGINX_TLS 0
#endif
#endif

namespace mfa_reset::compat {

/// A header that may have several lines. nginx chains them since 1.23.0, before it had an array.
#if nginx_version >= 1023000
using HeaderLines = ngx_table_elt_t*;

/// Adds a line, whose `next` is nullptr. False: no memory.
inline bool add_line(HeaderLines& lines, ngx_table_elt_t& line, ngx_pool_t* /*pool*/) noexcept {
    ngx_table_elt_t** end = &lines;
    while (*end != nullptr) {
        end = &(*end)->next;
    }
    *end = &line;
    return true;
}
#else
using HeaderLines = ngx_array_t;

/// Adds a line. False: no memory.
inline bool add_line(HeaderLines& lines, ngx_table_elt_t& line, ngx_pool_t* pool) noexcept {
    if (lines.elts == nullptr &&
        ngx_array_init(&lines, pool, 1, sizeof(ngx_table_elt_t*)) != NGX_OK) {
        return false;
    }
    auto** place = static_cast<ngx_table_elt_t**>(ngx_array_push(&lines));
    if (place == nullptr) {
        return false;
    }
    *place = &line;
    return true;
}
#endif

/// HTTP/3 is there since nginx 1.25.0, if it was built in.
inline bool is_quic([[maybe_unused]] const ngx_connection_t& connection) noexcept {
#ifdef NGX_HTTP_V3
    return connection.quic != nullptr;
#else
    return false;
#endif
}

/// The connection's client has gone: TLS says no farewell.
inline void send_no_tls_shutdown([[maybe_unused]] ngx_connection_t& connection) noexcept {
#ifdef NGX_SSL
    if (connection.ssl != nullptr) {
        connection.ssl->no_send_shutdown = 1;
    }
#endif
}

}  // namespace mfa_reset::compat

#endif
