// See am_admin.hpp.
#include "nginx/am_admin.hpp"

#include <span>

#include "am/realms.hpp"
#include "format/ascii.hpp"
#include "nginx/conf.hpp"

namespace mfa_reset::nginx {

namespace {

constexpr std::string_view kIn = "in=";
constexpr std::string_view kRealm = "realm=";

/// A name of this kind is compared with a session's whole universal id.
bool is_universal_id(std::string_view name) noexcept {
    constexpr std::string_view kId = "id=";
    return format::equal_ignoring_case(name.substr(0, kId.size()), kId) &&
           name.find(',') != std::string_view::npos;
}

/// nullptr, or why `word`, which stands after the name, is refused.
const char* add_word(am::AdministratorSetting& administrator, std::string_view word) {
    const bool says_in = word.starts_with(kIn);
    if (!says_in && !word.starts_with(kRealm)) {
        return "write in=/realm or realm=/path after the name";
    }
    if (says_in && is_universal_id(administrator.name)) {
        return "a universal id names its realm itself: leave in= out";
    }
    const std::string_view path = word.substr(says_in ? kIn.size() : kRealm.size());
    if (const char* const sentence = am::Realms{}.add(path); sentence != nullptr) {
        return sentence;
    }
    std::string& field = says_in ? administrator.in : administrator.realm;
    if (!field.empty()) {
        return "it is said twice";
    }
    field = path;
    return nullptr;
}

void set_defaults(am::AdministratorSetting& administrator) {
    if (administrator.in.empty() && !is_universal_id(administrator.name)) {
        administrator.in = "/";
    }
    if (administrator.realm.empty()) {
        administrator.realm = "/";
    }
}

}  // namespace

char* set_am_admin(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    auto& administrators = static_cast<LocConf*>(conf)->am.administrators;
    if (administrators == nullptr) {
        administrators = make_in_pool<AmAdministrators>(cf->pool);
    }
    const std::span words{static_cast<const ngx_str_t*>(cf->args->elts), cf->args->nelts};
    return guarded(static_cast<char*>(NGX_CONF_ERROR), [&]() -> char* {
        if (administrators == nullptr) {
            return static_cast<char*>(NGX_CONF_ERROR);
        }
        am::AdministratorSetting administrator{std::string{view(words[1])}, {}, {}};
        for (const ngx_str_t& word : words.subspan(1)) {
            const char* const sentence = &word != &words[1] ? add_word(administrator, view(word))
                                         : administrator.name.empty()
                                             ? "write a user's name or a universal id"
                                             : nullptr;
            if (sentence != nullptr) {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" has an invalid value \"%V\": %s",
                                   &cmd->name, &word, sentence);
                return static_cast<char*>(NGX_CONF_ERROR);
            }
        }
        set_defaults(administrator);
        administrators->push_back(std::move(administrator));
        return NGX_CONF_OK;
    });
}

}  // namespace mfa_reset::nginx
