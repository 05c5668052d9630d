#include "nginx/conf/conf_redis_tls.hpp"

#include <string>

namespace mfa_reset::nginx {

bool read_tls(ngx_conf_t* cf, const Level<LocConf>& conf, const redis::Url& url,
              const ConfPlace& place, std::optional<TlsSettings>& settings) {
    if (!url.tls) {
        return true;
    }
    const TlsSettings& tls = conf.redis_tls;
    if (!has_tls()) {
        refuse(cf, place,
               "this nginx was built without TLS and cannot reach a Redis at rediss://: use one "
               "built --with-http_ssl_module");
        return false;
    }
    if (tls.verify && tls.trusted_certificate.empty()) {
        refuse(cf, place,
               "the certificate of a Redis at rediss:// cannot be verified without authorities to "
               "trust: add \"mfa_reset_redis_ssl_trusted_certificate FILE;\"");
        return false;
    }
    if (!tls.certificate.empty() && tls.certificate_key.empty()) {
        refuse(cf, conf.place("mfa_reset_redis_ssl_certificate"),
               "mfa_reset_redis_ssl_certificate is given without its key: add "
               "\"mfa_reset_redis_ssl_certificate_key FILE;\"");
        return false;
    }
    if (tls.certificate.empty() && !tls.certificate_key.empty()) {
        refuse(cf, conf.place("mfa_reset_redis_ssl_certificate_key"),
               "mfa_reset_redis_ssl_certificate_key is given without its certificate: add "
               "\"mfa_reset_redis_ssl_certificate FILE;\"");
        return false;
    }
    settings = tls;
    return true;
}

void judge_tls(const Level<LocConf>& conf, const redis::Url& url, Warnings& warnings) {
    for (const Directive<LocConf>& row : conf.rows) {
        const std::string_view name{row.name};
        if (name.starts_with("mfa_reset_redis_ssl_") && conf.is_given(name)) {
            warnings.judge(url.tls, conf.place(name),
                           "\"" + std::string{name} +
                               "\" is not used: no Redis here is at rediss://, and others are not "
                               "encrypted");
        }
    }
}

ngx_ssl_t* make_tls(ngx_conf_t* cf, const TlsSettings& settings, const ConfPlace& place) {
    ngx_ssl_t* context = make_tls_context(cf, settings);
    if (context == nullptr) {
        refuse(cf, place,
               "a file of the mfa_reset_redis_ssl_* directives cannot be used: the line before "
               "this one says why, for the Redis");
    }
    return context;
}

}  // namespace mfa_reset::nginx
