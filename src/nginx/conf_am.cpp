// See conf_am.hpp.
#include "nginx/conf_am.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include "format/ascii.hpp"
#include "nginx/conf.hpp"

namespace mfa_reset::nginx {

void init(AmConf& conf) noexcept {
    conf.default_version = NGX_CONF_UNSET_UINT;
    conf.self = NGX_CONF_UNSET;
    conf.profiles = NGX_CONF_UNSET_UINT;
    conf.session_cache = NGX_CONF_UNSET_MSEC;
}

void merge(AmConf& conf, const AmConf& parent) noexcept {
    inherit(conf.cookie, parent.cookie, "iPlanetDirectoryPro");
    ngx_conf_merge_uint_value(conf.default_version, parent.default_version,
                              static_cast<ngx_uint_t>(am::DefaultVersion::latest));
    ngx_conf_merge_value(conf.self, parent.self, 1);
    conf.realms = conf.realms != nullptr ? conf.realms : parent.realms;
    if (conf.profiles == NGX_CONF_UNSET_UINT) {
        conf.profiles = parent.profiles;
        conf.profiles_place = parent.profiles_place;
    }
    inherit(conf.session, parent.session, "redis");
    ngx_conf_merge_msec_value(conf.session_cache, parent.session_cache, 0);
    conf.administrators =
        conf.administrators != nullptr ? conf.administrators : parent.administrators;
}

namespace {

/// Where the devices are, is said and never guessed. False: refused.
bool check_profiles(ngx_conf_t* cf, const LocConf& conf) noexcept {
    const bool falls_back = conf.fallback.data != nullptr;
    if (conf.am.profiles == NGX_CONF_UNSET_UINT && falls_back) {
        refuse(cf, conf.fallback_place,
               "with mfa_reset_fallback say where the devices are: add \"mfa_reset_am_profiles "
               "redis;\" or \"mfa_reset_am_profiles am;\"");
        return false;
    }
    if (conf.am.profiles == static_cast<ngx_uint_t>(am::Profiles::am) && !falls_back) {
        refuse(cf, conf.am.profiles_place,
               "\"mfa_reset_am_profiles am\" leaves the reset to AM: add \"mfa_reset_fallback "
               "@name;\"");
        return false;
    }
    return true;
}

std::string fold(std::string text, SubjectCase subject_case) {
    if (subject_case == SubjectCase::ascii) {
        std::ranges::transform(text, text.begin(), format::to_lower);
    }
    return text;
}

std::vector<am::AdministratorSetting> administrators_of(const LocConf& conf,
                                                        SubjectCase subject_case) {
    std::vector<am::AdministratorSetting> result;
    if (conf.am.administrators != nullptr) {
        for (const auto& [name, in, realm] : *conf.am.administrators) {
            result.push_back(
                {fold(name, subject_case), fold(in, subject_case), fold(realm, subject_case)});
        }
    }
    return result;
}

}  // namespace

const Api* make_am_api(ngx_conf_t* cf, const LocConf& conf) noexcept {
    if (!check_profiles(cf, conf)) {
        return nullptr;
    }
    return guarded<const Api*>(nullptr, [&]() -> const Api* {
        am::Settings settings;
        settings.cookie = view(conf.am.cookie);
        settings.default_version = static_cast<am::DefaultVersion>(conf.am.default_version);
        settings.self_allowed = conf.am.self != 0;
        settings.realms = conf.am.realms != nullptr ? *conf.am.realms : am::Realms{};
        settings.subject_case = subject_case(conf, SubjectCase::ascii);
        if (conf.am.profiles == static_cast<ngx_uint_t>(am::Profiles::am)) {
            settings.profiles = am::Profiles::am;
        }
        if (const auto session = view(conf.am.session); session.starts_with(kSubrequest)) {
            settings.session = {std::string{session.substr(kSubrequest.size())},
                                std::chrono::milliseconds{conf.am.session_cache}};
        }
        settings.administrators = administrators_of(conf, settings.subject_case);
        return make_in_pool<am::AmApi>(cf->pool, std::move(settings));
    });
}

}  // namespace mfa_reset::nginx
