// The API as a module of nginx: its directive.
#include <algorithm>
#include <string_view>

#include "nginx/api_module.hpp"
#include "whose/api.hpp"

MFA_RESET_DECLARE_API(whose)

namespace mfa_reset::whose {

namespace {

constexpr nginx::Text header_name{[](std::string_view text) noexcept {
    const bool good = !text.empty() && std::ranges::all_of(text, nginx::is_plain);
    return good ? nullptr : "write the name of a header, such as session-token";
}};

constexpr nginx::Directive<Settings> directives[] = {
    {"mfa_reset_whose_header", nginx::kEverywhere, nginx::takes<header_name, &Settings::header>,
     "session-token"},
};

const Api* make(nginx::ApiLocation& location) {
    const Settings& settings = location.directives<Settings>();
    ngx_pool_t* const pool = location.cf()->pool;
    auto* const store = nginx::make_in_pool<Store>(pool, location.records());
    return store != nullptr ? nginx::make_in_pool<WhoseApi>(pool, settings, *store) : nullptr;
}

}  // namespace

constexpr nginx::ApiModule api_module{"whose", &ngx_http_mfa_reset_whose_module, SubjectCase::exact,
                                      nginx::Fallback::no, make};

namespace {
MFA_RESET_PRINTED constexpr auto printed = nginx::printed_api<api_module, directives>();
}

}  // namespace mfa_reset::whose

ngx_module_t ngx_http_mfa_reset_whose_module =
    mfa_reset::nginx::module_of<mfa_reset::whose::Settings, mfa_reset::whose::directives>();
