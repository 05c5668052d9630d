// See am_realm.hpp.
#include "nginx/am_realm.hpp"

#include <span>

#include "am/realms.hpp"
#include "nginx/conf.hpp"

namespace mfa_reset::nginx {

namespace {

constexpr std::string_view kAlias = "alias=";

/// nullptr, or why `word`, which stands after the realm, is refused.
const char* add_word(am::Realms& realms, std::string_view word) {
    return word.starts_with(kAlias) ? realms.add_alias(word.substr(kAlias.size()))
                                    : "write alias=NAME after the realm";
}

}  // namespace

char* set_am_realm(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    auto& realms = static_cast<LocConf*>(conf)->am.realms;
    if (realms == nullptr) {
        realms = make_in_pool<am::Realms>(cf->pool);
    }
    const std::span words{static_cast<const ngx_str_t*>(cf->args->elts), cf->args->nelts};
    return guarded(static_cast<char*>(NGX_CONF_ERROR), [&]() -> char* {
        if (realms == nullptr) {
            return static_cast<char*>(NGX_CONF_ERROR);
        }
        for (const ngx_str_t& word : words.subspan(1)) {
            const char* const sentence =
                &word == &words[1] ? realms->add(view(word)) : add_word(*realms, view(word));
            if (sentence != nullptr) {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" has an invalid value \"%V\": %s",
                                   &cmd->name, &word, sentence);
                return static_cast<char*>(NGX_CONF_ERROR);
            }
        }
        return NGX_CONF_OK;
    });
}

}  // namespace mfa_reset::nginx
