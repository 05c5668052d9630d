#include "nginx/conf/subrequest_target.hpp"

#include <algorithm>
#include <span>

#include "nginx/conf/find_location.hpp"

namespace mfa_reset::nginx {

namespace {

/// A location for all the rest, such as `location / { return 404; }`, that takes the URI too and
/// hands nothing on. One that has the URI's whole name, is internal or is a regular expression was
/// made for it.
bool is_by_accident(const ngx_http_core_loc_conf_t& location, std::string_view uri) noexcept {
    bool is_regex = false;
#if (NGX_PCRE)
    is_regex = location.regex != nullptr;
#endif
    return location.handler == nullptr && location.internal == 0 && !is_regex &&
           view(location.name) != uri;
}

/// What proxy_pass of the location goes by. nullptr: it has none, or one with variables.
/// ngx_http_proxy_loc_conf_t is private; it begins with what all upstream modules have.
const ngx_http_upstream_conf_t* proxy_of(ngx_conf_t* cf,
                                         const ngx_http_core_loc_conf_t& location) noexcept {
    const std::span modules{cf->cycle->modules, cf->cycle->modules_n};
    const auto proxy = std::ranges::find_if(modules, [](const ngx_module_t* module) {
        return std::string_view{module->name} == "ngx_http_proxy_module";
    });
    if (proxy == modules.end() || location.handler == nullptr) {
        return nullptr;
    }
    const auto* const conf =
        static_cast<const ngx_http_upstream_conf_t*>(location.loc_conf[(*proxy)->ctx_index]);
    return conf->upstream != nullptr ? conf : nullptr;
}

/// Connecting, sending and reading together.
void judge_timeouts(const SubrequestTarget& target, const ngx_http_upstream_conf_t& proxy,
                    Warnings& warnings) {
    const ngx_msec_t timeouts = proxy.connect_timeout + proxy.send_timeout + proxy.read_timeout;
    warnings.judge(timeouts < target.timeout, target.place,
                   "\"" + target.directive + "\" asks \"" + target.uri +
                       "\", which may take longer than mfa_reset_timeout, " +
                       std::to_string(target.timeout) +
                       "ms: lower proxy_connect_timeout, proxy_send_timeout and "
                       "proxy_read_timeout there, which are " +
                       std::to_string(timeouts) + "ms together");
}

void judge_cache([[maybe_unused]] const SubrequestTarget& target,
                 [[maybe_unused]] const ngx_http_upstream_conf_t& proxy,
                 [[maybe_unused]] Warnings& warnings) {
#if (NGX_HTTP_CACHE)
    const bool is_cached = proxy.cache != 0 && (proxy.cache_methods & NGX_HTTP_POST) != 0;
    warnings.judge(
        !is_cached, target.place,
        "\"" + target.directive + "\" asks \"" + target.uri +
            "\", whose location keeps answers to POST and may give one caller the answer "
            "about another: add \"proxy_cache off;\" there");
#endif
}

}  // namespace

void judge(ngx_conf_t* cf, const SubrequestTarget& target, ngx_http_handler_pt ours,
           Warnings& warnings) {
    if (target.uri.find('%') != std::string::npos) {
        return;  // not decoded here
    }
    const std::string_view uri = std::string_view{target.uri}.substr(0, target.uri.find('?'));
    const auto* const location = find_location(*target.server, uri);
    if (location == nullptr || is_by_accident(*location, uri)) {
        warnings.judge(false, target.place,
                       "\"" + target.directive + "\" asks \"" + target.uri +
                           "\", for which this server has no location: write \"location = " +
                           std::string{uri} + " { internal; proxy_pass ...; }\"");
        return;
    }
    if (location->handler == ours) {
        warnings.judge(false, target.place,
                       "\"" + target.directive + "\" asks \"" + target.uri +
                           "\", which is in a location with mfa_reset, and that answers no "
                           "subrequests: write \"location = URI { internal; proxy_pass ...; }\"");
        return;
    }
    if (const auto* const proxy = proxy_of(cf, *location)) {
        judge_timeouts(target, *proxy, warnings);
        judge_cache(target, *proxy, warnings);
    }
}

}  // namespace mfa_reset::nginx
