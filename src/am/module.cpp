// AM's API as a module of nginx: its directives.
#include <algorithm>
#include <span>
#include <string>

#include "am/api.hpp"
#include "am/realms.hpp"
#include "nginx/api_module.hpp"

MFA_RESET_DECLARE_API(am)

namespace mfa_reset::am {

namespace {

using nginx::kEverywhere;
using nginx::takes;
using nginx::view;
using nginx::Written;

/// With its place, for warnings.
struct PlacedAdministrator {
    AdministratorSetting setting;
    nginx::ConfPlace place;
};

struct Conf : Settings {
    std::vector<PlacedAdministrator> placed_administrators;  ///< from which make() takes them
};

// -- values --------------------------------------------------------------------------------------

constexpr nginx::Choices versions{{nginx::Choice{"latest", DefaultVersion::latest},
                                   {"oldest", DefaultVersion::oldest},
                                   {"none", DefaultVersion::none}},
                                  "write latest, oldest or none"};

constexpr nginx::Choices profiles{{nginx::Choice{"redis", Profiles::redis}, {"am", Profiles::am}},
                                  "write redis or am: where the devices are"};

constexpr nginx::Choices devices{{nginx::Choice{"on", DeviceCalls::on},
                                  {"off", DeviceCalls::off},
                                  {"guard", DeviceCalls::guard}},
                                 "write on, off or guard: who serves calls of devices"};

/// `on`, `off`, or `level=` and a number.
struct Self {
    static constexpr ngx_uint_t kArguments = NGX_CONF_TAKE1;

    bool read(const Written& written, SelfService& self) const {
        const std::string_view word = view(written.value());
        const ngx_str_t level = nginx::value_of(written.value(), "level=");
        self = {word != "off", {}};
        if (word == "on" || word == "off") {
            return true;
        }
        const ngx_int_t number =
            level.data != nullptr ? ngx_atoi(level.data, level.len) : NGX_ERROR;
        if (number == NGX_ERROR || number > kMaxLevel) {
            return written.refuse(written.value(),
                                  "write on, off or level=N, an authentication level");
        }
        self.level = std::to_string(number);
        return true;
    }
    constexpr void print(nginx::Printed& printed) const { printed << "on | off | level=number"; }

    static constexpr ngx_int_t kMaxLevel = 2147483647;
};
constexpr Self self;

constexpr bool is_of_cookie_name(char c) noexcept {
    return nginx::is_plain(c) &&
           std::string_view{"()<>@,;:/[]?="}.find(c) == std::string_view::npos;
}

constexpr nginx::Text cookie{[](std::string_view text) noexcept {
    const bool good =
        !text.empty() && text.size() <= 128 && std::ranges::all_of(text, is_of_cookie_name);
    return good ? nullptr : "write the cookie's name, such as iPlanetDirectoryPro";
}};

constexpr nginx::Time session_cache{0, 60000};

/// `redis`, or `subrequest=` and a URI, and the version of AM's resource.
struct SessionUri {
    static constexpr ngx_uint_t kArguments = NGX_CONF_TAKE12;
    bool read(const Written& written, SessionQuestion& question) const {
        question = {std::string{view(nginx::value_of(written.value(), "subrequest="))}, "2.0"};
        const bool asks = question.uri.starts_with('/');
        if (!asks && view(written.value()) != "redis") {
            return written.refuse(written.value(), "write redis or subrequest=/uri");
        }
        for (const ngx_str_t& word : written.parameters()) {
            question.version = view(nginx::value_of(word, "version="));
            if (!asks || !is_resource_version(question.version)) {
                return written.refuse(
                    word, "write version=N.N after subrequest=/uri: a version of AM's resource");
            }
        }
        return true;
    }
};
constexpr SessionUri session_uri;

constexpr nginx::Text realm_path{[](std::string_view text) noexcept {
    return is_realm_path(text) ? nullptr : kRealmPathWanted;
}};

/// `off`, or `introspect=/uri realm=/path [scope=S]` in any order.
struct Bearer {
    static constexpr ngx_uint_t kArguments = NGX_CONF_TAKE123;
    bool read(const Written& written, BearerSource& bearer) const {
        bearer = {};
        if (written.words().size() == 1 && view(written.value()) == "off") {
            return true;
        }
        for (const ngx_str_t& word : written.words()) {
            if (const char* const sentence = add(bearer, word); sentence != nullptr) {
                return written.refuse(word, sentence);
            }
        }
        if (bearer.uri.empty() || bearer.realm.empty()) {
            return written.refuse(written.value(), "write introspect=/uri and realm=/path, or off");
        }
        if (bearer.scope.empty()) {
            bearer.scope = "fr:am:*";
        }
        return true;
    }

private:
    static const char* add(BearerSource& bearer, const ngx_str_t& word) {
        const ngx_str_t uri = nginx::value_of(word, "introspect=");
        const ngx_str_t realm = nginx::value_of(word, "realm=");
        const ngx_str_t scope = nginx::value_of(word, "scope=");
        if (uri.data != nullptr) {
            return set(bearer.uri, uri, view(uri).starts_with('/'),
                       "write introspect=/uri: an internal location to the authorization server");
        }
        if (realm.data != nullptr) {
            return set(bearer.realm, realm, is_realm_path(view(realm)), kRealmPathWanted);
        }
        return scope.data != nullptr ? set(bearer.scope, scope, is_scope(view(scope)),
                                           "write one scope: scope=fr:am:*")
                                     : "write introspect=/uri realm=/path [scope=S], or off";
    }
    static const char* set(std::string& field, const ngx_str_t& value, bool good,
                           const char* sentence) {
        if (!good || !field.empty()) {
            return good ? "it is said twice" : sentence;
        }
        field = view(value);
        return nullptr;
    }
};
constexpr Bearer bearer;

/// A realm, and its aliases behind it.
struct ListedRealm {
    static constexpr ngx_uint_t kArguments = NGX_CONF_1MORE;
    static constexpr bool kRepeats = true;

    bool read(const Written& written, Realms& realms) const {
        if (const char* const sentence = realms.add(view(written.value())); sentence != nullptr) {
            return written.refuse(written.value(), sentence);
        }
        for (const ngx_str_t& word : written.parameters()) {
            const ngx_str_t alias = nginx::value_of(word, "alias=");
            const char* const sentence = alias.data != nullptr ? realms.add_alias(view(alias))
                                                               : "write alias=NAME after the realm";
            if (sentence != nullptr) {
                return written.refuse(word, sentence);
            }
        }
        return true;
    }
};
constexpr ListedRealm listed_realm;

/// nullptr, or why `word`, which stands after the name, is refused.
const char* add_word(AdministratorSetting& administrator, const ngx_str_t& word) {
    const ngx_str_t in = nginx::value_of(word, "in=");
    const ngx_str_t realm = nginx::value_of(word, "realm=");
    if (in.data == nullptr && realm.data == nullptr) {
        return "write in=/realm or realm=/path after the name";
    }
    if (in.data != nullptr && is_whole_id(administrator.name)) {
        return "a universal id names its realm itself: leave in= out";
    }
    const std::string_view path = view(in.data != nullptr ? in : realm);
    if (const char* const sentence = Realms{}.add(path); sentence != nullptr) {
        return sentence;
    }
    std::string& field = in.data != nullptr ? administrator.in : administrator.realm;
    if (!field.empty()) {
        return "it is said twice";
    }
    field = path;
    return nullptr;
}

/// `NAME [in=/realm] [realm=/path]`.
struct AdministratorByName {
    static constexpr ngx_uint_t kArguments = NGX_CONF_TAKE123;
    static constexpr bool kRepeats = true;
    bool read(const Written& written, std::vector<PlacedAdministrator>& administrators) const {
        AdministratorSetting administrator{std::string{view(written.value())}, {}, {}};
        if (administrator.name.empty()) {
            return written.refuse(written.value(), "write a user's name or a universal id");
        }
        for (const ngx_str_t& word : written.parameters()) {
            if (const char* const sentence = add_word(administrator, word); sentence != nullptr) {
                return written.refuse(word, sentence);
            }
        }
        if (administrator.in.empty() && !is_whole_id(administrator.name)) {
            administrator.in = "/";
        }
        if (administrator.realm.empty()) {
            administrator.realm = "/";
        }
        administrators.push_back({std::move(administrator), nginx::current_place(written.cf())});
        return true;
    }
};
constexpr AdministratorByName administrator_by_name;

// -- the rows ------------------------------------------------------------------------------------

using S = Conf;

// clang-format off
constexpr nginx::Directive<Conf> directives[] = {
    {"mfa_reset_am_cookie", kEverywhere, takes<cookie, &S::cookie>, "iPlanetDirectoryPro"},
    {"mfa_reset_am_default_version", kEverywhere, takes<versions, &S::default_version>, "latest"},
    {"mfa_reset_am_self", kEverywhere, takes<self, &S::self>, "on"},
    {"mfa_reset_am_profiles", kEverywhere, takes<profiles, &S::profiles>, "redis"},
    {"mfa_reset_am_devices", kEverywhere, takes<devices, &S::devices>},
    {"mfa_reset_am_session", kEverywhere, takes<session_uri, &S::session, &SessionSource::question>, "redis"},
    {"mfa_reset_am_session_cache", kEverywhere, takes<session_cache, &S::session, &SessionSource::cache>, "0ms"},
    {"mfa_reset_am_bearer", kEverywhere, takes<bearer, &S::bearer>, "off"},
    {"mfa_reset_am_admin", kEverywhere, takes<administrator_by_name, &S::placed_administrators>},
    {"mfa_reset_am_realm", kEverywhere, takes<listed_realm, &S::realms>},
    {"mfa_reset_am_base_realm", kEverywhere, takes<realm_path, &S::base_realm>, "/"},
};
// clang-format on

// -- what is made of them ------------------------------------------------------------------------

/// Where the devices are, is said and never guessed. False: refused.
bool check_profiles(const nginx::ApiLocation& location, const nginx::Level<Conf>& conf) {
    const nginx::ConfPlace* const fallback = location.fallback_place();
    if (fallback != nullptr && !conf.is_given("mfa_reset_am_profiles")) {
        refuse(location.cf(), *fallback,
               "with mfa_reset_fallback say where the devices are: add \"mfa_reset_am_profiles "
               "redis;\" or \"mfa_reset_am_profiles am;\"");
        return false;
    }
    if (fallback == nullptr && conf.profiles == Profiles::am) {
        refuse(location.cf(), conf.place("mfa_reset_am_profiles"),
               "\"mfa_reset_am_profiles am\" leaves the reset to AM: add \"mfa_reset_fallback "
               "@name;\"");
        return false;
    }
    return true;
}

/// Where devices are not in Redis, none can be served from there, and only where they are in AM is
/// AM asked to act. False: refused.
bool check_devices(const nginx::ApiLocation& location, const nginx::Level<Conf>& conf) {
    const bool in_redis = conf.profiles == Profiles::redis;
    const DeviceCalls calls = device_calls(conf);
    const nginx::ConfPlace& place = conf.place("mfa_reset_am_devices");
    if (calls == DeviceCalls::on && !in_redis) {
        refuse(
            location.cf(), place,
            "with \"mfa_reset_am_profiles am\" the devices are in AM: write \"guard\" or \"off\"");
        return false;
    }
    if (calls == DeviceCalls::guard && in_redis) {
        refuse(
            location.cf(), place,
            "\"guard\" leaves the devices to AM, and they are in Redis: write \"on\" or \"off\", "
            "or add \"mfa_reset_am_profiles am;\"");
        return false;
    }
    if (calls == DeviceCalls::off && location.fallback_place() != nullptr) {
        location.judge(conf.self.allowed && conf.self.level.empty(), place,
                       "with \"mfa_reset_am_devices off\" users may delete devices through AM, "
                       "whatever \"mfa_reset_am_self\" says: write \"on\", or \"guard\" if the "
                       "devices are in AM");
    }
    return true;
}

void judge_base_realm(const nginx::ApiLocation& location, const nginx::Level<Conf>& conf) {
    if (conf.is_given("mfa_reset_am_base_realm")) {
        location.judge(!conf.realms.listed() || conf.realms.has_any_in(conf.base_realm),
                       conf.place("mfa_reset_am_base_realm"),
                       "\"mfa_reset_am_base_realm\" is none of the realms here, and relative paths "
                       "find no realm: list it by \"mfa_reset_am_realm " +
                           conf.base_realm + ";\", or write one that is listed");
    }
}

/// A realm to administer, of `directive` at `place`.
void judge_realm(const nginx::ApiLocation& location, const Realms& realms,
                 std::string_view directive, const nginx::ConfPlace& place,
                 const std::string& realm) {
    location.judge(!realms.listed() || realms.has_any_in(realm), place,
                   "\"" + std::string{directive} + "\" administers \"" + realm +
                       "\", which is none of the realms here: list it by \"mfa_reset_am_realm " +
                       realm + ";\", or write realm= and one that is listed");
}

void judge_administrators(const nginx::ApiLocation& location, const nginx::Level<Conf>& conf) {
    if (!conf.self.allowed && !conf.session.question.uri.empty() &&
        conf.placed_administrators.empty() && conf.bearer.uri.empty()) {
        location.judge(false, conf.place("mfa_reset_am_self"),
                       "with \"mfa_reset_am_self off\" and sessions from AM no caller may reset: "
                       "add \"mfa_reset_am_admin NAME;\"");
    }
    for (const PlacedAdministrator& administrator : conf.placed_administrators) {
        judge_realm(location, conf.realms, "mfa_reset_am_admin", administrator.place,
                    administrator.setting.realm);
    }
}

void judge_session(nginx::ApiLocation& location, const nginx::Level<Conf>& conf) {
    const bool is_asked = !conf.session.question.uri.empty();
    const bool has_bearer = !conf.bearer.uri.empty();
    const bool is_kept = conf.session.cache.count() > 0;
    if (is_asked) {
        location.judge_subrequest("mfa_reset_am_session", conf.place("mfa_reset_am_session"),
                                  conf.session.question.uri);
    }
    if (has_bearer) {
        const nginx::ConfPlace& place = conf.place("mfa_reset_am_bearer");
        location.judge_subrequest("mfa_reset_am_bearer", place, conf.bearer.uri);
        judge_realm(location, conf.realms, "mfa_reset_am_bearer", place, conf.bearer.realm);
    }
    if (is_kept) {
        location.judge(is_asked || has_bearer, conf.place("mfa_reset_am_session_cache"),
                       "\"mfa_reset_am_session_cache\" is not used: sessions are in Redis; it is "
                       "for \"mfa_reset_am_session subrequest=/uri\"");
    }
    // The session is read and kept besides.
    location.set_commands((is_asked || has_bearer) && is_kept ? 4 : 2);
}

/// Names the server block that is being read, for as long as it is not edited.
std::string server_of(const ngx_conf_t* cf) {
    const auto* const server = static_cast<const ngx_http_core_srv_conf_t*>(
        ngx_http_conf_get_module_srv_conf(cf, ngx_http_core_module));
    return std::string{view(server->server_name)} + " " +
           reinterpret_cast<const char*>(server->file_name) + ":" + std::to_string(server->line);
}

Settings settings_of(const nginx::ApiLocation& location, const Conf& conf) {
    const Settings& said = conf;
    Settings settings = said;
    settings.subject_case = location.subject_case();
    settings.bearer.server = server_of(location.cf());
    for (const PlacedAdministrator& placed : conf.placed_administrators) {
        const AdministratorSetting& setting = placed.setting;
        settings.administrators.push_back({fold(setting.name, settings.subject_case),
                                           fold(setting.in, settings.subject_case),
                                           fold(setting.realm, settings.subject_case)});
    }
    return settings;
}

const Api* make(nginx::ApiLocation& location) {
    const auto& conf = location.directives<Conf>();
    if (!check_profiles(location, conf) || !check_devices(location, conf)) {
        return nullptr;
    }
    judge_base_realm(location, conf);
    judge_administrators(location, conf);
    judge_session(location, conf);
    ngx_pool_t* const pool = location.cf()->pool;
    auto* const store = nginx::make_in_pool<RecordStore>(pool, location.records());
    return store != nullptr ? nginx::make_in_pool<AmApi>(pool, settings_of(location, conf), *store)
                            : nullptr;
}

}  // namespace

constexpr nginx::ApiModule api_module{"am", &ngx_http_mfa_reset_am_module, SubjectCase::ascii,
                                      nginx::Fallback::yes, make};

namespace {
MFA_RESET_PRINTED constexpr auto printed = nginx::printed_api<api_module, directives>();
}

}  // namespace mfa_reset::am

ngx_module_t ngx_http_mfa_reset_am_module =
    mfa_reset::nginx::module_of<mfa_reset::am::Conf, mfa_reset::am::directives>();
