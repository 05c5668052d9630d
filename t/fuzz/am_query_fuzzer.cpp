// The raw query of an AM request, and the realm that the old form has in it.
#include "am/parameters.hpp"
#include "am/path.hpp"
#include "am_grammar.hpp"
#include "pool_like_memory.hpp"

namespace mfa_reset::fuzz {
namespace {

void check_parameter(const http::Parameter& parameter, const std::vector<std::string>& values,
                     std::string_view query) {
    require(parameter.given == !values.empty(), "a parameter is given when it is there", query);
    require(parameter.repeated == (values.size() > 1), "a repeated parameter is one", query);
    require(parameter.value == (values.empty() ? "" : values.front()),
            "a parameter has its first value, decoded", query);
}

void check(std::string_view query) {
    test::PoolLikeMemory memory;
    const am::Parameters parameters = am::parse_parameters(query, memory);
    const auto model = QueryModel::read(query);
    require(parameters.well_encoded == model.has_value(), "each % has its digits", query);
    if (!model) {
        return;
    }
    check_parameter(parameters.action, model->any_case("_action"), query);
    check_parameter(parameters.pretty_print, model->any_case("_prettyprint"), query);
    check_parameter(parameters.mime_type, model->any_case("_mimetype"), query);
    check_parameter(parameters.realm, model->exactly("realm"), query);

    const am::Realm realm = am::parse_realm(parameters.realm.value, memory);
    const RealmModel realm_model = model_realm(parameters.realm.value);
    require(realm.path == realm_model.path, "the realm is the one of the parameter", query);
    require(realm.well_formed == realm_model.possible, "a realm has whole names only", query);
}

}  // namespace
}  // namespace mfa_reset::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mfa_reset::fuzz::check(mfa_reset::fuzz::view(data, size));
    return 0;
}
