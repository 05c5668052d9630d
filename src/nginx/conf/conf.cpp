// Merges the configuration, and makes what a location needs.
#include "nginx/conf/conf.hpp"

#include "nginx/apis.hpp"

namespace mfa_reset::nginx {

namespace {

MainConf& main_conf(ngx_conf_t* cf) noexcept {
    return *static_cast<MainConf*>(
        ngx_http_conf_get_module_main_conf(cf, ngx_http_mfa_reset_module));
}

const ngx_http_core_srv_conf_t* server_of(ngx_conf_t* cf) noexcept {
    return static_cast<const ngx_http_core_srv_conf_t*>(
        ngx_http_conf_get_module_srv_conf(cf, ngx_http_core_module));
}

/// False: refused and logged.
bool set_handler(ngx_conf_t* cf, const Level<LocConf>& conf, ngx_http_core_loc_conf_t& core,
                 ngx_http_handler_pt handler) noexcept {
    if (core.handler != nullptr) {
        refuse(cf, conf.place("mfa_reset"),
               "\"mfa_reset\" shares its location with another handler, such as proxy_pass: leave "
               "one of them out");
        return false;
    }
    core.handler = handler;
    return true;
}

std::string apis_with_fallback() {
    std::string names;
    for (const ApiModule* const api : apis()) {
        if (api->fallback == Fallback::yes) {
            names += (names.empty() ? "\"mfa_reset " : " or \"mfa_reset ") +
                     std::string{api->name} + "\"";
        }
    }
    return names;
}

/// Notes the fallback, if there is one. False: the API has no fallback; refused and logged.
bool note_fallback(ngx_conf_t* cf, const Level<LocConf>& conf) {
    if (conf.fallback.data == nullptr) {
        return true;
    }
    if (conf.api->fallback == Fallback::no) {
        refuse(cf, conf.place("mfa_reset_fallback"),
               "\"mfa_reset_fallback\" is for " + apis_with_fallback() +
                   ": what else may share a location with the other APIs has a location of its "
                   "own");
        return false;
    }
    main_conf(cf).fallbacks.push_back(
        {server_of(cf), conf.fallback, conf.place("mfa_reset_fallback")});
    return true;
}

class Location final : public ApiLocation {
public:
    Location(ngx_conf_t* cf, const Level<LocConf>& conf) noexcept : cf_(cf), conf_(conf) {}
    Location(const Location&) = delete;
    Location& operator=(const Location&) = delete;
    ~Location() = default;

    ngx_conf_t* cf() const noexcept override { return cf_; }
    SubjectCase subject_case() const noexcept override {
        return conf_.subject_case.value_or(conf_.api->subject_case);
    }
    const ConfPlace& place() const noexcept override { return conf_.place("mfa_reset"); }
    const ConfPlace* fallback_place() const noexcept override {
        return conf_.fallback.data != nullptr ? &conf_.place("mfa_reset_fallback") : nullptr;
    }
    Records& records() const noexcept override { return conf_.records->records(); }
    Records* records_at(const RedisDirective& redis) const override {
        RecordsEntry* const found = find_records(cf_, conf_, main_conf(cf_), redis);
        return found != nullptr ? &found->records() : nullptr;
    }
    void judge(bool good, const ConfPlace& place, std::string_view sentence) const override {
        main_conf(cf_).warnings.judge(good, place, sentence);
    }
    void judge_subrequest(std::string_view directive, const ConfPlace& place,
                          std::string_view uri) const override {
        main_conf(cf_).subrequests.push_back(
            {std::string{directive}, place, std::string{uri}, server_of(cf_), conf_.timeout});
    }
    void set_commands(unsigned most) noexcept override { commands_ = most; }

    /// The rule of docs/how-to/timeouts-and-connections.md.
    void judge_timeouts() const {
        const unsigned factor = commands_ > 2 ? 4 : 2;
        const auto command = static_cast<ngx_msec_t>(conf_.redis.timeout.count());
        if (conf_.timeout >= factor * command) {
            return;
        }
        const std::string_view given =
            conf_.is_given("mfa_reset_timeout") ? "mfa_reset_timeout" : "mfa_reset_redis_timeout";
        judge(false, conf_.place(given),
              "mfa_reset_timeout, " + std::to_string(conf_.timeout) +
                  "ms, is too short for the up to " + std::to_string(commands_) +
                  " commands to Redis of a request of \"mfa_reset " + std::string{conf_.api->name} +
                  "\": write " + std::to_string(factor) +
                  " times mfa_reset_redis_timeout or more, which is " + std::to_string(command) +
                  "ms");
    }

private:
    const void* own_directives() const noexcept override {
        const ngx_module_t& module = *conf_.api->module;
        return ngx_http_conf_get_module_loc_conf(cf_, module);
    }

    ngx_conf_t* cf_;
    const Level<LocConf>& conf_;
    unsigned commands_ = 2;
};

/// Makes the API with the location's records. False: refused and logged.
bool make_api(ngx_conf_t* cf, Level<LocConf>& conf) {
    conf.records = find_records(cf, conf, main_conf(cf));
    if (conf.records == nullptr) {
        return false;
    }
    Location location{cf, conf};
    conf.handler = conf.api->make(location);
    location.judge_timeouts();
    return conf.handler != nullptr;
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
    for (const NamedLocation& location : main_conf(cf).fallbacks) {
        if (!is_there(location)) {
            refuse(cf, location.place,
                   "\"mfa_reset_fallback\" names a location that this server does not have: write "
                   "\"location @name { proxy_pass ...; }\" beside this one");
            return NGX_ERROR;
        }
    }
    return NGX_OK;
}

ngx_int_t print_warnings(ngx_conf_t* cf, ngx_http_handler_pt handler) noexcept {
    MainConf& main = main_conf(cf);
    return guarded<ngx_int_t>(NGX_ERROR, [&]() -> ngx_int_t {
        for (const SubrequestTarget& target : main.subrequests) {
            judge(cf, target, handler, main.warnings);
        }
        main.warnings.print(cf->log);
        return NGX_OK;
    });
}

void refuse(ngx_conf_t* cf, const ConfPlace& place, std::string_view sentence) noexcept {
    ngx_str_t file = place.file;
    ngx_str_t text = str(sentence);
    ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "mfa_reset: %V in %V:%ui", &text, &file, place.line);
}

void* create_main_conf(ngx_conf_t* cf) noexcept { return make_in_pool<MainConf>(cf->pool); }

/// An `if` or `limit_except` block serves what its location serves, unless it has a handler of its
/// own. A nested location does not inherit it, as with proxy_pass.
char* merge_loc_conf(ngx_conf_t* cf, void* parent_conf, void* child_conf,
                     ngx_http_handler_pt handler) noexcept {
    const auto& parent = *static_cast<const Level<LocConf>*>(parent_conf);
    auto& conf = *static_cast<Level<LocConf>*>(child_conf);
    auto& core = *static_cast<ngx_http_core_loc_conf_t*>(
        ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module));
    return guarded(static_cast<char*>(NGX_CONF_ERROR), [&]() -> char* {
        inherit(conf, parent, core.noname && core.handler == nullptr);
        if (conf.api == nullptr && conf.fallback.data != nullptr) {
            main_conf(cf).warnings.judge(
                false, conf.place("mfa_reset_fallback"),
                "\"mfa_reset_fallback\" does nothing without \"mfa_reset\": add " +
                    apis_with_fallback() + " to this location, or leave it out");
        }
        const bool good = conf.api == nullptr || (set_handler(cf, conf, core, handler) &&
                                                  note_fallback(cf, conf) && make_api(cf, conf));
        return good ? NGX_CONF_OK : static_cast<char*>(NGX_CONF_ERROR);
    });
}

}  // namespace mfa_reset::nginx
