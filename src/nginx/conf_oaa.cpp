// See conf_oaa.hpp.
#include "nginx/conf_oaa.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "nginx/conf.hpp"
#include "nginx/small_file.hpp"
#include "oaa/api.hpp"

namespace mfa_reset::nginx {

namespace {

/// Each user costs a comparison with every request.
constexpr std::size_t kMaxUserFile = 64UL * 1024;

void refuse_file(ngx_conf_t* cf, const ngx_str_t& name, std::size_t line, const char* sentence) {
    refuse(cf, ConfPlace{name, line}, std::string{"mfa_reset_oaa_user_file: "} + sentence);
}

/// Nothing: refused.
std::optional<auth::BasicUsers> read_users(ngx_conf_t* cf, const OaaConf& conf) {
    ngx_str_t name = conf.user_file;
    if (ngx_conf_full_name(cf->cycle, &name, 1) != NGX_OK) {
        return std::nullopt;
    }
    const auto text = read_small_file(name, kMaxUserFile);
    if (!text) {
        ngx_str_t file = conf.user_file_place.file;
        ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno,
                      "mfa_reset: cannot read mfa_reset_oaa_user_file \"%V\" in %V:%ui", &name,
                      &file, conf.user_file_place.line);
        return std::nullopt;
    }
    if (text->size() > kMaxUserFile) {
        refuse_file(cf, name, 1, "the file is longer than 65536 bytes: leave lines out");
        return std::nullopt;
    }
    auto read = auth::BasicUsers::read(*text);
    if (const auto* error = std::get_if<auth::UserFileError>(&read)) {
        refuse_file(cf, name, error->line, error->sentence);
        return std::nullopt;
    }
    return std::get<auth::BasicUsers>(std::move(read));
}

std::span<const ngx_str_t> elements(const ngx_array_t* array) noexcept {
    return array == nullptr ? std::span<const ngx_str_t>{}
                            : std::span{static_cast<const ngx_str_t*>(array->elts), array->nelts};
}

}  // namespace

void merge(OaaConf& conf, const OaaConf& parent) noexcept {
    if (conf.user_file.data == nullptr) {
        conf.user_file_place = parent.user_file_place;
    }
    inherit(conf.user_file, parent.user_file, "");
    if (conf.challenge_types == nullptr) {
        conf.challenge_types = parent.challenge_types;
    }
}

char* set_challenge_types(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    ngx_array_t*& types = static_cast<LocConf*>(conf)->oaa.challenge_types;
    const auto names = elements(cf->args).subspan(1);
    if (types == nullptr) {
        types = ngx_array_create(cf->pool, names.size(), sizeof(ngx_str_t));
    }
    for (const ngx_str_t& name : names) {
        if (!oaa::is_challenge_type(view(name))) {
            ngx_conf_log_error(
                NGX_LOG_EMERG, cf, 0,
                "\"%V\" has an invalid value \"%V\": write names of 1 to 64 letters, "
                "digits, dots, underscores and hyphens, such as ChallengeVoice",
                &cmd->name, &name);
            return static_cast<char*>(NGX_CONF_ERROR);
        }
        auto* place = types != nullptr ? static_cast<ngx_str_t*>(ngx_array_push(types)) : nullptr;
        if (place == nullptr) {
            return static_cast<char*>(NGX_CONF_ERROR);
        }
        *place = name;
    }
    return NGX_CONF_OK;
}

const Api* make_oaa_api(ngx_conf_t* cf, const LocConf& conf) noexcept {
    return guarded<const Api*>(nullptr, [&]() -> const Api* {
        if (conf.oaa.user_file.len == 0) {
            refuse(cf, conf.api_place,
                   "\"mfa_reset oaa\" needs credentials: add \"mfa_reset_oaa_user_file FILE;\" to "
                   "this location, its server or http");
            return nullptr;
        }
        auto users = read_users(cf, conf.oaa);
        if (!users) {
            return nullptr;
        }
        oaa::Settings settings{.users = *std::move(users)};
        for (const ngx_str_t& name : elements(conf.oaa.challenge_types)) {
            settings.more_types.emplace_back(view(name));
        }
        settings.subject_case = subject_case(conf, SubjectCase::ascii);
        return make_in_pool<oaa::OaaApi>(cf->pool, std::move(settings));
    });
}

}  // namespace mfa_reset::nginx
