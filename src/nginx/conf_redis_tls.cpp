// See conf_redis_tls.hpp.
#include "nginx/conf_redis_tls.hpp"

#include <algorithm>
#include <span>

#include "nginx/conf.hpp"
#include "nginx/setters.hpp"

namespace mfa_reset::nginx {

namespace {

std::string joined(const ngx_array_t& words) {
    std::string text;
    for (const ngx_str_t& word :
         std::span{static_cast<const ngx_str_t*>(words.elts), words.nelts}) {
        text += (text.empty() ? "" : " ") + std::string{view(word)};
    }
    return text;
}

void inherit(ConfPlace& place, const ConfPlace& parent, const ngx_str_t& value) noexcept {
    if (value.data == nullptr) {
        place = parent;
    }
}

/// Of names and addresses alike.
bool is_of_host(char c) noexcept {
    const char lower = static_cast<char>(c | 0x20);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == ':';
}

}  // namespace

void init(RedisTlsConf& conf) noexcept { conf.verify = NGX_CONF_UNSET; }

void merge(RedisTlsConf& conf, const RedisTlsConf& parent) noexcept {
    inherit(conf.certificate_place, parent.certificate_place, conf.certificate);
    inherit(conf.certificate_key_place, parent.certificate_key_place, conf.certificate_key);
    inherit(conf.trusted_certificate, parent.trusted_certificate, "");
    inherit(conf.certificate, parent.certificate, "");
    inherit(conf.certificate_key, parent.certificate_key, "");
    inherit(conf.name, parent.name, "");
    ngx_conf_merge_value(conf.verify, parent.verify, 1);
    if (conf.protocols == nullptr) {
        conf.protocols = parent.protocols;
    }
}

bool read_tls(ngx_conf_t* cf, const RedisTlsConf& conf, const redis::Url& url,
              const ConfPlace& place, std::optional<TlsSettings>& settings) {
    if (!url.tls) {
        return true;
    }
    if (!has_tls()) {
        refuse(cf, place,
               "this nginx was built without TLS and cannot reach a Redis at rediss://: use one "
               "built --with-http_ssl_module");
        return false;
    }
    if (conf.verify != 0 && conf.trusted_certificate.len == 0) {
        refuse(cf, place,
               "the certificate of a Redis at rediss:// cannot be verified without authorities to "
               "trust: add \"mfa_reset_redis_ssl_trusted_certificate FILE;\"");
        return false;
    }
    if (conf.certificate.len != 0 && conf.certificate_key.len == 0) {
        refuse(cf, conf.certificate_place,
               "mfa_reset_redis_ssl_certificate is given without its key: add "
               "\"mfa_reset_redis_ssl_certificate_key FILE;\"");
        return false;
    }
    if (conf.certificate.len == 0 && conf.certificate_key.len != 0) {
        refuse(cf, conf.certificate_key_place,
               "mfa_reset_redis_ssl_certificate_key is given without its certificate: add "
               "\"mfa_reset_redis_ssl_certificate FILE;\"");
        return false;
    }
    TlsSettings& tls = settings.emplace();
    tls.trusted_certificate = view(conf.trusted_certificate);
    tls.certificate = view(conf.certificate);
    tls.certificate_key = view(conf.certificate_key);
    tls.name = view(conf.name);
    tls.verify = conf.verify != 0;
    if (conf.protocols != nullptr) {
        tls.protocols = joined(*conf.protocols);
    }
    return true;
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

char* set_tls_certificate(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    static_cast<LocConf*>(conf)->redis_tls.certificate_place = current_place(cf);
    return set_text(cf, cmd, conf);
}

char* set_tls_certificate_key(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    static_cast<LocConf*>(conf)->redis_tls.certificate_key_place = current_place(cf);
    return set_text(cf, cmd, conf);
}

const char* refuse_tls_name(const ngx_str_t& text) noexcept {
    const bool good =
        text.len != 0 && text.len <= 253 && std::ranges::all_of(view(text), is_of_host);
    return good ? nullptr : "write the host that the certificate names, such as redis.example";
}

const char* refuse_tls_protocol(const ngx_str_t& text) noexcept {
    const bool good = view(text) == "TLSv1.2" || view(text) == "TLSv1.3";
    return good ? nullptr : "write TLSv1.2, TLSv1.3 or both";
}

}  // namespace mfa_reset::nginx
