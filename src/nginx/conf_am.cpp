// See conf_am.hpp.
#include "nginx/conf_am.hpp"

#include "am/api.hpp"
#include "nginx/conf.hpp"

namespace mfa_reset::nginx {

void init(AmConf& conf) noexcept {
    conf.default_version = NGX_CONF_UNSET_UINT;
    conf.self = NGX_CONF_UNSET;
}

void merge(AmConf& conf, const AmConf& parent) noexcept {
    inherit(conf.cookie, parent.cookie, "iPlanetDirectoryPro");
    ngx_conf_merge_uint_value(conf.default_version, parent.default_version,
                              static_cast<ngx_uint_t>(am::DefaultVersion::latest));
    ngx_conf_merge_value(conf.self, parent.self, 1);
    conf.realms = conf.realms != nullptr ? conf.realms : parent.realms;
}

const Api* make_am_api(ngx_conf_t* cf, const LocConf& conf) noexcept {
    return guarded<const Api*>(nullptr, [&]() -> const Api* {
        am::Settings settings;
        settings.cookie = view(conf.am.cookie);
        settings.default_version = static_cast<am::DefaultVersion>(conf.am.default_version);
        settings.self_allowed = conf.am.self != 0;
        settings.realms = conf.am.realms != nullptr ? *conf.am.realms : am::Realms{};
        settings.subject_case = subject_case(conf, SubjectCase::ascii);
        return make_in_pool<am::AmApi>(cf->pool, std::move(settings));
    });
}

}  // namespace mfa_reset::nginx
