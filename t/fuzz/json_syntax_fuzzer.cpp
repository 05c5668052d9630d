// JSON that a client sends: the grammar's and no more, and no deeper than it may be. What is
// refused, and where, is what jansson refuses.
#include "format/json_syntax.hpp"
#include "jansson_oracle.hpp"
#include "json_model.hpp"
#include "text.hpp"

namespace mfa_reset::fuzz {
namespace {

constexpr int kDepth = 8;

/// What may be within the grammar and refused all the same (json_syntax.hpp): a lone surrogate, a
/// NUL in a name, a number past a double's range.
bool may_be_refused(std::string_view text) {
    const bool surrogate = lower(text).find("\\ud") != std::string::npos;
    const bool nul = text.find("\\u0000") != std::string_view::npos;
    const bool exponent = text.find_first_of("eE") != std::string_view::npos;
    constexpr std::size_t kDigitsOfADouble = 308;
    return surrogate || nul || exponent || text.size() > kDigitsOfADouble;
}

void check(std::string_view text) {
    const format::JsonSyntax syntax = format::check_json(text, kDepth);
    const bool accepted = syntax.fault == format::JsonSyntax::Fault::none;
    const bool model = model_json(text, kDepth);
    require(!accepted || model, "nothing is taken for JSON that is none", text);
    require(accepted || !model || may_be_refused(text), "nothing that is JSON is refused", text);
    if (text.find('\0') == std::string_view::npos) {
        const format::JsonSyntax jansson = test::ask_jansson(text, kDepth);
        require(syntax.fault == jansson.fault && syntax.line == jansson.line &&
                    syntax.column == jansson.column,
                "jansson refuses the same at the same place", text);
    }
}

}  // namespace
}  // namespace mfa_reset::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mfa_reset::fuzz::check(mfa_reset::fuzz::view(data, size));
    return 0;
}
