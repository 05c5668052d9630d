// nginx's headers, and the few conversions between its types and the library's.
#pragma once

extern "C" {
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_event_connect.h>
#include <ngx_http.h>
}

#include <new>
#include <string_view>
#include <utility>

#include "compat.hpp"

extern "C" {
extern ngx_module_t ngx_http_mfa_reset_module;
}

namespace mfa_reset::nginx {

inline std::string_view view(const ngx_str_t& text) noexcept {
    return {reinterpret_cast<const char*>(text.data), text.len};
}

/// nginx does not write to the strings that we pass to it, but its types do not say so.
inline ngx_str_t str(std::string_view text) noexcept {
    return {text.size(), reinterpret_cast<u_char*>(const_cast<char*>(text.data()))};
}

/// Makes an object that `pool` destroys. nullptr: no memory. The object is made in the memory of
/// the cleanup, whose handler is set last: the destructor runs only for a whole object.
template <class T, class... Args>
T* make_in_pool(ngx_pool_t* pool, Args&&... args) noexcept {
    ngx_pool_cleanup_t* cleanup = ngx_pool_cleanup_add(pool, sizeof(T));
    if (cleanup == nullptr) {
        return nullptr;
    }
    try {
        auto* object = new (cleanup->data) T(std::forward<Args>(args)...);
        cleanup->handler = [](void* data) { static_cast<T*>(data)->~T(); };
        return object;
    } catch (const std::exception&) {
        return nullptr;
    }
}

/// Calls code that may throw from nginx: an exception becomes the result `failure`.
template <class Result, class Function>
Result guarded(Result failure, Function&& function) noexcept {
    try {
        return std::forward<Function>(function)();
    } catch (const std::exception&) {
        return failure;
    }
}

}  // namespace mfa_reset::nginx
