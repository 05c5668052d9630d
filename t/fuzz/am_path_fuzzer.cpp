// The raw path of an AM request: what is wrong with it, and whether it is a reset's, of whom.
#include "am/path.hpp"
#include "am_grammar.hpp"
#include "pool_like_memory.hpp"

namespace mfa_reset::fuzz {
namespace {

void check(std::string_view raw) {
    test::PoolLikeMemory memory;
    const am::Path path = am::parse_path(raw, memory, {am::Realms{}});
    const PathModel model = model_path(raw);
    require(path.fault == model.fault, "the fault of a path is the first one there is", raw);
    if (path.fault != am::Path::Fault::none) {
        return;
    }
    require(path.realms_form == model.realms_form, "the form of a realm is told", raw);
    const bool is_reset =
        path.place == am::Path::Place::devices && path.factor != am::Factor::webauthn;
    require(is_reset == model.reset.has_value(), "a reset's path is one, and no other is", raw);
    if (!is_reset) {
        return;
    }
    require(path.user == model.reset->user, "the user is the one of the path", raw);
    require(path.factor == model.reset->factor, "the factor is the one of the path", raw);
    require(path.realm.path == model.reset->realm.path, "the realm is the one of the path", raw);
    require(path.realm.well_formed == model.reset->realm.possible,
            "a realm's names have no slash and no control character", raw);
}

}  // namespace
}  // namespace mfa_reset::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mfa_reset::fuzz::check(mfa_reset::fuzz::view(data, size));
    return 0;
}
