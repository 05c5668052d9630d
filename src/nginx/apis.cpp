// The table of the APIs, and the symbols in which nginx finds the modules. Both are made from
// src/apis.def: another API recompiles only this file.
#include "nginx/apis.hpp"

#define MFA_RESET_API(name) MFA_RESET_DECLARE_API(name)
#include "apis.def"
#undef MFA_RESET_API

namespace mfa_reset::nginx {

std::span<const ApiModule* const> apis() noexcept {
    static const ApiModule* const table[] = {
#define MFA_RESET_API(name) &mfa_reset::name::api_module,
#include "apis.def"
#undef MFA_RESET_API
    };
    return table;
}

}  // namespace mfa_reset::nginx

// nginx looks for these symbols in a dynamic module. It merges directives in this order: the APIs
// come first, because the merge of the main module makes the APIs of the locations.
extern "C" {
__attribute__((visibility("default"))) ngx_module_t* ngx_modules[] = {
#define MFA_RESET_API(name) &ngx_http_mfa_reset_##name##_module,
#include "apis.def"
#undef MFA_RESET_API
    &ngx_http_mfa_reset_module, nullptr};

__attribute__((visibility("default"))) char* ngx_module_names[] = {
#define MFA_RESET_API(name) const_cast<char*>("ngx_http_mfa_reset_" #name "_module"),
#include "apis.def"
#undef MFA_RESET_API
    const_cast<char*>("ngx_http_mfa_reset_module"), nullptr};

__attribute__((visibility("default"))) char* ngx_module_order[] = {nullptr};
}
