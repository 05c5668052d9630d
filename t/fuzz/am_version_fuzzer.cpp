// The header Accept-API-Version.
#include "am/version.hpp"
#include "am_grammar.hpp"
#include "pool_like_memory.hpp"

namespace mfa_reset::fuzz {
namespace {

void check_version(const std::optional<am::Version>& version, const std::string& model,
                   std::string_view header) {
    test::PoolLikeMemory memory;
    const std::string_view text = version ? am::to_text(*version, memory) : "";
    require(text == model, "a version is the one of the header", header);
}

void check(std::string_view header) {
    const auto versions = am::parse_versions(header);
    const auto model = model_versions(header);
    require(versions.has_value() == model.has_value(), "the grammar, all of it and no more",
            header);
    if (versions) {
        check_version(versions->protocol, model->protocol, header);
        check_version(versions->resource, model->resource, header);
    }
}

}  // namespace
}  // namespace mfa_reset::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mfa_reset::fuzz::check(mfa_reset::fuzz::view(data, size));
    return 0;
}
