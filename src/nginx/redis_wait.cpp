// See redis_wait.hpp.
#include "nginx/redis_wait.hpp"

#include "nginx/conf.hpp"
#include "nginx/setters.hpp"

namespace mfa_reset::nginx {

namespace {

constexpr ngx_msec_t kTimeout = 100;

char* refused(ngx_conf_t* cf, const ngx_str_t& word) noexcept {
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "\"mfa_reset_redis_wait\" has an invalid value \"%V\": write off, or a "
                       "number of replicas from 1 to 16 and, if you like, timeout= and a time from "
                       "1ms to 60s",
                       &word);
    return static_cast<char*>(NGX_CONF_ERROR);
}

/// `timeout=100ms`. False: it is none.
bool read_timeout(const ngx_str_t& word, ngx_msec_t& timeout) noexcept {
    ngx_str_t value = value_of(word, "timeout=");
    const ngx_int_t time = ngx_parse_time(&value, 0);
    timeout = static_cast<ngx_msec_t>(time);
    return time >= 1 && time <= 60000;
}

}  // namespace

char* set_redis_wait(ngx_conf_t* cf, ngx_command_t* /*cmd*/, void* conf) noexcept {
    auto& location = *static_cast<LocConf*>(conf);
    if (location.redis_wait != NGX_CONF_UNSET) {
        static char duplicate[] = "is duplicate";
        return duplicate;
    }
    const auto* words = static_cast<const ngx_str_t*>(cf->args->elts);
    location.redis_wait_timeout = kTimeout;
    if (view(words[1]) == "off") {
        location.redis_wait = static_cast<ngx_int_t>(RedisWait::off);
        return cf->args->nelts == 2 ? NGX_CONF_OK : refused(cf, words[2]);
    }
    location.redis_wait = ngx_atoi(words[1].data, words[1].len);
    if (location.redis_wait < 1 || location.redis_wait > 16) {
        return refused(cf, words[1]);
    }
    if (cf->args->nelts == 3 && !read_timeout(words[2], location.redis_wait_timeout)) {
        return refused(cf, words[2]);
    }
    return NGX_CONF_OK;
}

}  // namespace mfa_reset::nginx
