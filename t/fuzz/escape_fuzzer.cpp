// What a log line and a JSON answer show of a text from outside: one line, no quote of its own, and
// the text again when it is read back.
#include <jansson.h>

#include "format/escape.hpp"
#include "format/json.hpp"
#include "pool_like_memory.hpp"
#include "text.hpp"

namespace mfa_reset::fuzz {
namespace {

/// The text that was escaped; anything but `\xHH` after a backslash is a finding.
std::string read_back(std::string_view escaped) {
    const std::vector<std::string> parts = split(escaped, '\\');
    std::string text = parts.front();
    for (std::size_t part = 1; part < parts.size(); ++part) {
        const std::string hex = parts[part].substr(0, 3);
        require(hex.starts_with('x') && is_hex(hex.substr(1), 2), "each backslash is of a \\xHH",
                escaped);
        text += static_cast<char>(std::strtoul(hex.c_str() + 1, nullptr, 16));
        text += parts[part].substr(3);
    }
    return text;
}

void check_log(std::string_view text) {
    const format::Escaped object(text);
    const std::string_view escaped = object.text();
    require(is_printable(escaped), "a log's text is printable", escaped);
    require(escaped.find('"') == std::string_view::npos, "it cannot end its quotes", escaped);
    const std::string shown = read_back(escaped);
    require(text.starts_with(shown), "it says what was there", text);
    require(shown.size() == text.size() || escaped.size() + 3 >= format::Escaped::kMost,
            "as much as fits", text);
    require(escaped.size() <= format::Escaped::kMost, "and no more", text);
}

void check_json(std::string_view text) {
    test::PoolLikeMemory memory;
    format::Text out(memory);
    format::append_json_string(out, text);
    const std::string_view json = out.view();
    json_error_t error{};
    const std::unique_ptr<json_t, decltype(&json_decref)> read(
        json_loadb(json.data(), json.size(), JSON_DECODE_ANY | JSON_ALLOW_NUL, &error),
        &json_decref);
    require(json_is_string(read.get()), "any text becomes one JSON string", json);
    require(is_printable(json) || is_utf8(json), "JSON is UTF-8", json);
    const std::string_view back(json_string_value(read.get()), json_string_length(read.get()));
    require(!is_utf8(text) || back == text, "it says what was there", text);
}

}  // namespace
}  // namespace mfa_reset::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = mfa_reset::fuzz::view(data, size);
    mfa_reset::fuzz::check_log(text);
    mfa_reset::fuzz::check_json(text);
    return 0;
}
