// The main module: its hooks, and what a worker starts and stops.
#include "nginx/conf/conf.hpp"
#include "nginx/conf/directives.hpp"
#include "nginx/ngx.hpp"
#include "nginx/request/handler.hpp"
#include "nginx/request/subrequest.hpp"
#include "nginx/request/variables.hpp"

namespace mfa_reset::nginx {

namespace {

/// nullptr: there is no http{}.
MainConf* main_conf(ngx_cycle_t* cycle) noexcept {
    return static_cast<MainConf*>(
        ngx_http_cycle_get_module_main_conf(cycle, ngx_http_mfa_reset_module));
}

/// Logs the version at start and at each reload, but not for `nginx -t`.
ngx_int_t init_module(ngx_cycle_t* cycle) noexcept {
    if (const MainConf* const conf = main_conf(cycle)) {
        check_worker_connections(*cycle, *conf);
    }
    if (!ngx_test_config) {
        ngx_log_error(NGX_LOG_NOTICE, cycle->log, 0, "mfa_reset: version " MFA_RESET_VERSION);
    }
    return NGX_OK;
}

/// Also called in cache helper processes, which serve no requests and need no Redis.
ngx_int_t init_process(ngx_cycle_t* cycle) noexcept {
    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE) {
        return NGX_OK;
    }
    return guarded<ngx_int_t>(NGX_ERROR, [cycle]() -> ngx_int_t {
        if (MainConf* conf = main_conf(cycle)) {
            for (RedisServer& server : conf->servers) {
                server.start();
            }
        }
        return NGX_OK;
    });
}

void exit_process(ngx_cycle_t* cycle) noexcept {
    if (MainConf* conf = main_conf(cycle)) {
        for (RedisServer& server : conf->servers) {
            server.stop();
        }
    }
}

ngx_int_t postconfiguration(ngx_conf_t* cf) noexcept {
    if (check_fallbacks(cf) != NGX_OK || print_warnings(cf, content_handler) != NGX_OK) {
        return NGX_ERROR;
    }
    add_request_body_filter();
    Subrequests::add_filter();
    return NGX_OK;
}

char* merge_location(ngx_conf_t* cf, void* parent, void* child) noexcept {
    return merge_loc_conf(cf, parent, child, content_handler);
}

ngx_http_module_t module_context = {
    add_variables,  // preconfiguration
    postconfiguration,
    create_main_conf,  //
    nullptr,           // init main configuration
    nullptr,           // create server configuration
    nullptr,           // merge server configuration
    create_loc_conf,   //
    merge_location,    //
};

}  // namespace

}  // namespace mfa_reset::nginx

extern "C" {

ngx_module_t ngx_http_mfa_reset_module = {
    NGX_MODULE_V1,
    &mfa_reset::nginx::module_context,
    mfa_reset::nginx::shared_commands(),
    NGX_HTTP_MODULE,
    nullptr,  // init master
    mfa_reset::nginx::init_module,
    mfa_reset::nginx::init_process,
    nullptr,  // init thread
    nullptr,  // exit thread
    mfa_reset::nginx::exit_process,
    nullptr,  // exit master
    NGX_MODULE_V1_PADDING,
};
}
