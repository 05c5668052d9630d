// The header Cookie, and what may be a token. The first line of an input is the cookie's name.
#include "am_grammar.hpp"
#include "auth/token.hpp"
#include "http/cookie.hpp"

namespace mfa_reset::fuzz {
namespace {

void check(std::string_view input) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    ExactCopies copies;
    const std::string_view name = copies.keep(input.substr(0, end));
    const std::string_view header = input.substr(std::min(end + 1, input.size()));

    const auto cookie = http::find_cookie(header, name);
    const auto model = model_cookie(header, name);
    require(cookie.has_value() == model.has_value(), "a cookie is found when it is there", input);
    if (cookie) {
        require(*cookie == *model, "the first cookie counts, without its quotes", input);
        require(auth::is_token(*cookie) == model_token(*model), "what a token is made of", input);
    }
}

}  // namespace
}  // namespace mfa_reset::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mfa_reset::fuzz::check(mfa_reset::fuzz::view(data, size));
    return 0;
}
