// OAA's API as a module of nginx: its directives.
#include <algorithm>
#include <optional>
#include <string>
#include <variant>

#include "nginx/api_module.hpp"
#include "oaa/api.hpp"

MFA_RESET_DECLARE_API(oaa)

namespace mfa_reset::oaa {

namespace {

using nginx::kEverywhere;
using nginx::takes;
using nginx::view;
using nginx::Written;

struct Conf {
    std::string user_file;
    std::vector<std::string> more_types;
};

/// Has room for as many users as there may be, each with the longest name and key.
constexpr std::size_t kMaxUserFile = 8UL * 1024 * 1024;

/// One or more names of challenge types.
struct ChallengeTypes {
    static constexpr ngx_uint_t kArguments = NGX_CONF_1MORE;
    static constexpr bool kRepeats = true;

    bool read(const Written& written, std::vector<std::string>& types) const {
        for (const ngx_str_t& name : written.words()) {
            if (!is_challenge_type(view(name))) {
                return written.refuse(name,
                                      "write names of 1 to 64 letters, digits, dots, underscores "
                                      "and hyphens, such as ChallengeVoice");
            }
            types.emplace_back(view(name));
        }
        return true;
    }
};
constexpr ChallengeTypes challenge_types;

constexpr nginx::Directive<Conf> directives[] = {
    {"mfa_reset_oaa_user_file", kEverywhere, takes<nginx::kFile, &Conf::user_file>},
    {"mfa_reset_oaa_challenge_type", kEverywhere, takes<challenge_types, &Conf::more_types>},
};

void refuse_file(ngx_conf_t* cf, const ngx_str_t& name, std::size_t line, const char* sentence) {
    refuse(cf, nginx::ConfPlace{name, line}, std::string{"mfa_reset_oaa_user_file: "} + sentence);
}

/// Nothing: refused.
std::optional<auth::BasicUsers> read_users(ngx_conf_t* cf, const nginx::Level<Conf>& conf) {
    ngx_str_t name = nginx::str(conf.user_file);
    if (ngx_conf_full_name(cf->cycle, &name, 1) != NGX_OK) {
        return std::nullopt;
    }
    const auto text = nginx::read_small_file(name, kMaxUserFile);
    if (!text) {
        const nginx::ConfPlace& place = conf.place("mfa_reset_oaa_user_file");
        ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno,
                      "mfa_reset: cannot read mfa_reset_oaa_user_file \"%V\" in %V:%ui", &name,
                      &place.file, place.line);
        return std::nullopt;
    }
    if (text->size() > kMaxUserFile) {
        refuse_file(cf, name, 1, "the file is longer than 8 MiB: leave lines out");
        return std::nullopt;
    }
    auto read = auth::BasicUsers::read(*text);
    if (const auto* error = std::get_if<auth::UserFileError>(&read)) {
        refuse_file(cf, name, error->line, error->sentence);
        return std::nullopt;
    }
    return std::get<auth::BasicUsers>(std::move(read));
}

const Api* make(nginx::ApiLocation& location) {
    const auto& conf = location.directives<Conf>();
    if (conf.user_file.empty()) {
        refuse(location.cf(), location.place(),
               "\"mfa_reset oaa\" needs credentials: add \"mfa_reset_oaa_user_file FILE;\" to "
               "this location, its server or http");
        return nullptr;
    }
    auto users = read_users(location.cf(), conf);
    if (!users) {
        return nullptr;
    }
    Settings settings{*std::move(users), conf.more_types, location.subject_case()};
    ngx_pool_t* const pool = location.cf()->pool;
    auto* const store = nginx::make_in_pool<RecordStore>(pool, location.records());
    return store != nullptr ? nginx::make_in_pool<OaaApi>(pool, std::move(settings), *store)
                            : nullptr;
}

}  // namespace

constexpr nginx::ApiModule api_module{"oaa", &ngx_http_mfa_reset_oaa_module, SubjectCase::ascii,
                                      nginx::Fallback::no, make};

namespace {
MFA_RESET_PRINTED constexpr auto printed = nginx::printed_api<api_module, directives>();
}

}  // namespace mfa_reset::oaa

ngx_module_t ngx_http_mfa_reset_oaa_module =
    mfa_reset::nginx::module_of<mfa_reset::oaa::Conf, mfa_reset::oaa::directives>();
