// Creating and merging the configuration; what a location needs is made here.
#include "nginx/conf.hpp"

#include "nginx/handler.hpp"

namespace mfa_reset::nginx {

namespace {

void merge_redis(LocConf& conf, const LocConf& parent) noexcept {
    if (!leads_elsewhere(conf.redis, parent.redis)) {
        inherit(conf.redis_password_file, conf.redis_password_file_place,
                parent.redis_password_file, parent.redis_password_file_place);
        inherit(conf.redis_sentinel_password_file, conf.redis_sentinel_password_file_place,
                parent.redis_sentinel_password_file, parent.redis_sentinel_password_file_place);
        inherit(conf.redis_sentinel_user, parent.redis_sentinel_user, "");
    }
    inherit(conf.redis, conf.redis_place, parent.redis, parent.redis_place);
    ngx_conf_merge_value(conf.redis_connections, parent.redis_connections, 2);
    ngx_conf_merge_msec_value(conf.redis_connect_timeout, parent.redis_connect_timeout, 1000);
    ngx_conf_merge_msec_value(conf.redis_timeout, parent.redis_timeout, 250);
    ngx_conf_merge_value(conf.redis_max_pending, parent.redis_max_pending, 1024);
    ngx_conf_merge_value(conf.redis_wait, parent.redis_wait,
                         static_cast<ngx_int_t>(RedisWait::off));
    ngx_conf_merge_msec_value(conf.redis_wait_timeout, parent.redis_wait_timeout, 100);
    merge(conf.redis_tls, parent.redis_tls);
    inherit(conf.prefix, parent.prefix, "mfa:");
    ngx_conf_merge_value(conf.events_length, parent.events_length, 20);
    merge(conf.events, parent.events);
}

void merge_api(LocConf& conf, const LocConf& parent) noexcept {
    ngx_conf_merge_msec_value(conf.timeout, parent.timeout, 1000);
    if (conf.subject_case == NGX_CONF_UNSET_UINT) {
        conf.subject_case = parent.subject_case;
    }
    merge(conf.am, parent.am);
    merge(conf.foundry, parent.foundry);
    merge(conf.oaa, parent.oaa);
}

const Api* make_api(ngx_conf_t* cf, const LocConf& conf) noexcept {
    switch (static_cast<ApiKind>(conf.api)) {
        case ApiKind::am: return make_am_api(cf, conf);
        case ApiKind::foundry: return make_foundry_api(cf, conf);
        case ApiKind::oaa: return make_oaa_api(cf, conf);
        case ApiKind::off: break;
    }
    return nullptr;
}

/// Makes the location ours where it says so. An `if` or `limit_except` block goes on serving what
/// its location serves, unless it has a handler of its own; a nested location says for itself what
/// it serves, as with proxy_pass. False: refused.
bool take_handler(ngx_conf_t* cf, LocConf& conf, const LocConf& parent,
                  ngx_http_core_loc_conf_t& core) noexcept {
    constexpr auto kOff = static_cast<ngx_uint_t>(ApiKind::off);
    if (conf.api == NGX_CONF_UNSET_UINT && core.noname && core.handler == nullptr) {
        conf.api = parent.api;
        conf.api_place = parent.api_place;
        conf.fallback = parent.fallback;
        conf.fallback_place = parent.fallback_place;
    }
    ngx_conf_init_uint_value(conf.api, kOff);
    if (conf.api == kOff) {
        return true;
    }
    if (core.handler != nullptr) {
        refuse(cf, conf.api_place,
               "\"mfa_reset\" shares its location with another handler, such as proxy_pass: leave "
               "one of them out");
        return false;
    }
    core.handler = content_handler;
    return true;
}

/// Whether the fallback, where there is one, goes with the rest. False: refused.
bool note_fallback(ngx_conf_t* cf, const LocConf& conf) noexcept {
    if (conf.fallback.data == nullptr) {
        return true;
    }
    if (static_cast<ApiKind>(conf.api) != ApiKind::am) {
        refuse(
            cf, conf.fallback_place,
            "\"mfa_reset_fallback\" is for \"mfa_reset am\": what else may share a location with "
            "the other APIs has a location of its own");
        return false;
    }
    return guarded(false, [&] {
        auto& main = *static_cast<MainConf*>(
            ngx_http_conf_get_module_main_conf(cf, ngx_http_mfa_reset_module));
        const auto* server = static_cast<const ngx_http_core_srv_conf_t*>(
            ngx_http_conf_get_module_srv_conf(cf, ngx_http_core_module));
        main.fallbacks.push_back({server, conf.fallback, conf.fallback_place});
        return true;
    });
}

bool is_there(const NamedLocation& location) noexcept {
    ngx_http_core_loc_conf_t** named = location.server->named_locations;
    for (; named != nullptr && *named != nullptr; ++named) {
        if (view((*named)->name) == view(location.name)) {
            return true;
        }
    }
    return false;
}

}  // namespace

ngx_int_t check_fallbacks(ngx_conf_t* cf) noexcept {
    const auto& main =
        *static_cast<MainConf*>(ngx_http_conf_get_module_main_conf(cf, ngx_http_mfa_reset_module));
    for (const NamedLocation& location : main.fallbacks) {
        if (!is_there(location)) {
            refuse(cf, location.place,
                   "\"mfa_reset_fallback\" names a location that this server does not have: write "
                   "\"location @name { proxy_pass ...; }\" beside this one");
            return NGX_ERROR;
        }
    }
    return NGX_OK;
}

void refuse(ngx_conf_t* cf, const ConfPlace& place, std::string_view sentence) noexcept {
    ngx_str_t file = place.file;
    ngx_str_t text = str(sentence);
    ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "mfa_reset: %V in %V:%ui", &text, &file, place.line);
}

void* create_main_conf(ngx_conf_t* cf) noexcept { return make_in_pool<MainConf>(cf->pool); }

void* create_loc_conf(ngx_conf_t* cf) noexcept {
    auto* conf = static_cast<LocConf*>(ngx_pcalloc(cf->pool, sizeof(LocConf)));
    if (conf == nullptr) {
        return nullptr;
    }
    conf->api = NGX_CONF_UNSET_UINT;
    conf->redis_connections = NGX_CONF_UNSET;
    conf->redis_connect_timeout = NGX_CONF_UNSET_MSEC;
    conf->redis_timeout = NGX_CONF_UNSET_MSEC;
    conf->redis_max_pending = NGX_CONF_UNSET;
    conf->redis_wait = NGX_CONF_UNSET;
    conf->redis_wait_timeout = NGX_CONF_UNSET_MSEC;
    conf->events_length = NGX_CONF_UNSET;
    conf->subject_case = NGX_CONF_UNSET_UINT;
    conf->timeout = NGX_CONF_UNSET_MSEC;
    init(conf->events);
    init(conf->redis_tls);
    init(conf->am);
    init(conf->foundry);
    return conf;
}

char* merge_loc_conf(ngx_conf_t* cf, void* parent_conf, void* child_conf) noexcept {
    const auto& parent = *static_cast<LocConf*>(parent_conf);
    auto& conf = *static_cast<LocConf*>(child_conf);
    merge_redis(conf, parent);
    merge_api(conf, parent);

    auto& core = *static_cast<ngx_http_core_loc_conf_t*>(
        ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module));
    if (!take_handler(cf, conf, parent, core)) {
        return static_cast<char*>(NGX_CONF_ERROR);
    }
    if (static_cast<ApiKind>(conf.api) == ApiKind::off) {
        return NGX_CONF_OK;
    }
    if (!note_fallback(cf, conf)) {
        return static_cast<char*>(NGX_CONF_ERROR);
    }
    conf.store = find_store(cf, conf);
    conf.handler = make_api(cf, conf);
    if (conf.store == nullptr || conf.handler == nullptr) {
        return static_cast<char*>(NGX_CONF_ERROR);
    }
    return NGX_CONF_OK;
}

}  // namespace mfa_reset::nginx
