// The rows of the directives that all APIs share. docs/reference/directives.md describes each; a
// test compares it with these rows.
#include "nginx/conf/directives.hpp"

#include <algorithm>
#include <string>

#include "nginx/apis.hpp"
#include "redis/protocol/host.hpp"
#include "redis/protocol/url.hpp"

namespace mfa_reset::nginx {

bool RedisUrl::read(const Written& written, std::string& url) const {
    url = view(written.value());
    const auto parsed = redis::parse_url(url);
    const auto* error = std::get_if<redis::UrlError>(&parsed);
    if (error != nullptr) {
        // The URL itself may hold a password.
        const ngx_str_t name = str(written.name());
        ngx_conf_log_error(NGX_LOG_EMERG, written.cf(), 0, "\"%V\": %s", &name,
                           error->message.c_str());
    }
    return error == nullptr;
}

namespace {

// -- values --------------------------------------------------------------------------------------

/// The name of an API.
struct ApiName {
    static constexpr ngx_uint_t kArguments = NGX_CONF_TAKE1;
    bool read(const Written& written, const ApiModule*& api) const {
        api = nullptr;
        const std::string_view name = view(written.value());
        const auto found = std::ranges::find(apis(), name, &ApiModule::name);
        if (found != apis().end()) {
            api = *found;
        }
        return api != nullptr || name == "off" || refuse(written);
    }

private:
    static bool refuse(const Written& written) {
        std::string names;
        for (const ApiModule* const api : apis()) {
            names += (names.empty() ? "" : ", ") + std::string{api->name};
        }
        return written.refuse(written.value(), "write " + names + " or off");
    }
};
constexpr ApiName api_name;

constexpr Choices subject_cases{
    {Choice{"ascii", SubjectCase::ascii}, {"exact", SubjectCase::exact}},
    "write ascii (A-Z are a-z) or exact (names are taken as they are)"};

constexpr Number connections{1, 64};
constexpr Number max_pending{1, 65536};
constexpr Number events_length{0, 10000};
constexpr Time duration{1, 60000};
constexpr Time heartbeat{100, 3600000, true};

constexpr Text prefix{[](std::string_view text) noexcept {
    const bool good = !text.empty() && text.size() <= 64 && std::ranges::all_of(text, is_plain);
    return good ? nullptr
                : "write 1 to 64 printable ASCII characters without braces, quotes, backslashes "
                  "and blanks, such as mfa:";
}};

constexpr Text named_location{[](std::string_view text) noexcept {
    return text.size() > 1 && text.starts_with('@') ? nullptr
                                                    : "write the name of a location, such as @am";
}};

/// `off`, or a number of replicas with or without `timeout=`.
struct Replicas {
    static constexpr ngx_uint_t kArguments = NGX_CONF_TAKE12;
    bool read(const Written& written, redis::WaitForReplicas& wait) const {
        wait = {};
        const auto parameters = written.parameters();
        if (view(written.value()) == "off") {
            return parameters.empty() || refuse(written, parameters.front());
        }
        const ngx_int_t replicas = ngx_atoi(written.value().data, written.value().len);
        wait.replicas = static_cast<unsigned>(replicas);
        if (replicas < 1 || replicas > 16) {
            return refuse(written, written.value());
        }
        if (parameters.empty()) {
            return true;
        }
        const ngx_str_t text = value_of(parameters.front(), "timeout=");
        const ngx_int_t time = parse_time(text);
        wait.timeout = redis::Milliseconds{time};
        return (time >= 1 && time <= kMost) ||
               refuse(written, parameters.front(), seconds_hint(text, kMost));
    }

private:
    static constexpr ngx_int_t kMost = 60000;
    static bool refuse(const Written& written, const ngx_str_t& word, std::string_view hint = {}) {
        return written.refuse(word, std::string{hint} +
                                        "write off, or a number of replicas from 1 to 16 and, if "
                                        "you like, timeout= and a time from 1ms to 60s");
    }
};
constexpr Replicas replicas;

/// Without braces and colons: every other key of ours has one after the prefix.
constexpr bool is_of_stream_name(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

/// `off`, or a name with or without `length=`.
struct StreamOfEvents {
    static constexpr ngx_uint_t kArguments = NGX_CONF_TAKE12;
    bool read(const Written& written, EventsStream& stream) const {
        stream = {std::string{view(written.value())}, records::Settings{}.events_stream_length};
        if (stream.name.empty() || stream.name.size() > 64 ||
            !std::ranges::all_of(stream.name, is_of_stream_name)) {
            return written.refuse(written.value(),
                                  "write off, or a name of 1 to 64 letters, digits, dots, "
                                  "underscores and hyphens, such as events");
        }
        const bool is_off = stream.name == "off";
        stream.name = is_off ? "" : stream.name;
        const auto parameters = written.parameters();
        if (parameters.empty()) {
            return true;
        }
        const ngx_str_t number = value_of(parameters.front(), "length=");
        const ngx_int_t length = ngx_atoi(number.data, number.len);
        stream.length = static_cast<std::size_t>(length);
        return (!is_off && length >= 1 && length <= 1000000000) ||
               written.refuse_parameter(
                   parameters.front(), is_off
                                           ? "write off alone, or the name of a stream in its place"
                                           : "write length= and a number from 1 to 1000000000");
    }
};
constexpr StreamOfEvents stream_of_events;

constexpr Text tls_name{[](std::string_view text) noexcept {
    const bool good = redis::is_host(text) && text.size() <= redis::kLongestName;
    return good ? nullptr : "write the host that the certificate names, such as redis.example";
}};

/// One or more protocols, as nginx takes them: one text.
struct TlsProtocols {
    static constexpr ngx_uint_t kArguments = NGX_CONF_1MORE;
    bool read(const Written& written, std::string& protocols) const {
        protocols.clear();
        for (const ngx_str_t& word : written.words()) {
            if (view(word) != "TLSv1.2" && view(word) != "TLSv1.3") {
                return written.refuse(word, "write TLSv1.2, TLSv1.3 or both");
            }
            protocols += (protocols.empty() ? "" : " ") + std::string{view(word)};
        }
        return true;
    }
};
constexpr TlsProtocols tls_protocols;

// -- the rows ------------------------------------------------------------------------------------

using L = LocConf;
using R = redis::Settings;
using T = TlsSettings;

// clang-format off
constexpr Directive<LocConf> directives[] = {
    {"mfa_reset", NGX_HTTP_LOC_CONF, takes<api_name, &L::api>, "off"},
    {"mfa_reset_fallback", NGX_HTTP_LOC_CONF, takes<named_location, &L::fallback>},
    {"mfa_reset_timeout", kEverywhere, takes<duration, &L::timeout>, "1s"},
    {"mfa_reset_subject_case", kEverywhere, takes<subject_cases, &L::subject_case>},

    {"mfa_reset_redis", kEverywhere, takes<kRedisUrl, &L::redis_url>},
    Directive<LocConf>{"mfa_reset_redis_password_file", kEverywhere, takes<kFile, &L::redis_password_file>}
        .goes_with<&L::redis_url>(),
    Directive<LocConf>{"mfa_reset_redis_sentinel_user", kEverywhere, takes<kName, &L::redis_sentinel_user>}
        .goes_with<&L::redis_url>(),
    Directive<LocConf>{"mfa_reset_redis_sentinel_password_file", kEverywhere,
                       takes<kFile, &L::redis_sentinel_password_file>}
        .goes_with<&L::redis_url>(),
    {"mfa_reset_redis_connections", kEverywhere, takes<connections, &L::redis, &R::connections>, "2"},
    {"mfa_reset_redis_connect_timeout", kEverywhere, takes<duration, &L::redis, &R::connect_timeout>, "1s"},
    {"mfa_reset_redis_timeout", kEverywhere, takes<duration, &L::redis, &R::timeout>, "250ms"},
    {"mfa_reset_redis_heartbeat", kEverywhere, takes<heartbeat, &L::redis, &R::heartbeat>, "15s"},
    {"mfa_reset_redis_max_pending", kEverywhere, takes<max_pending, &L::redis, &R::max_pending>, "1024"},
    {"mfa_reset_redis_wait", kEverywhere, takes<replicas, &L::redis, &R::wait>, "off"},
    {"mfa_reset_redis_ssl_trusted_certificate", kEverywhere, takes<kFile, &L::redis_tls, &T::trusted_certificate>},
    {"mfa_reset_redis_ssl_certificate", kEverywhere, takes<kFile, &L::redis_tls, &T::certificate>},
    {"mfa_reset_redis_ssl_certificate_key", kEverywhere, takes<kFile, &L::redis_tls, &T::certificate_key>},
    {"mfa_reset_redis_ssl_name", kEverywhere, takes<tls_name, &L::redis_tls, &T::name>},
    {"mfa_reset_redis_ssl_protocols", kEverywhere, takes<tls_protocols, &L::redis_tls, &T::protocols>, "TLSv1.2 TLSv1.3"},
    {"mfa_reset_redis_ssl_verify", kEverywhere, takes<kFlag, &L::redis_tls, &T::verify>, "on"},

    {"mfa_reset_prefix", kEverywhere, takes<prefix, &L::prefix>, "mfa:"},
    {"mfa_reset_events_length", kEverywhere, takes<events_length, &L::events_length>, "20"},
    {"mfa_reset_events_stream", kEverywhere, takes<stream_of_events, &L::events_stream>, "off"},
};
// clang-format on

constexpr auto print_directives = [](Printed& printed) { print(directives, printed); };
MFA_RESET_PRINTED constexpr auto printed_directives = printed<print_directives>();

}  // namespace

ngx_command_t* shared_commands() noexcept { return commands<LocConf, directives>.data(); }

void* create_loc_conf(ngx_conf_t* cf) noexcept { return create_level<LocConf, directives>(cf); }

}  // namespace mfa_reset::nginx
