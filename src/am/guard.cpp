#include "am/guard.hpp"

#include <algorithm>

#include "am/checks.hpp"
#include "format/ascii.hpp"
#include "format/hex.hpp"
#include "format/text.hpp"

namespace mfa_reset::am {

namespace {

/// `text` decoded as far as it can be: a `%` without two hex digits stays.
std::string_view decode_leniently(std::string_view text, Memory& memory) {
    auto* const bytes =
        static_cast<char*>(memory.allocate(std::max<std::size_t>(text.size(), 1), 1));
    std::size_t size = 0;
    for (std::size_t at = 0; at < text.size(); ++at, ++size) {
        const bool is_whole = text[at] == '%' && text.size() - at > 2;
        const int value = is_whole ? format::hex_pair(text.data() + at + 1) : -1;
        bytes[size] = value < 0 ? text[at] : static_cast<char>(value);
        at += value < 0 ? 0 : 2;
    }
    return {bytes, size};
}

bool mentions(std::string_view text, std::string_view word) noexcept {
    const auto same = [](char left, char right) {
        return format::to_lower(left) == format::to_lower(right);
    };
    return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

bool has_element(std::string_view path, std::string_view name) noexcept {
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string_view element = path.substr(begin, end - begin);
        if (element.substr(0, element.find(';')) == name) {
            return true;
        }
        begin = end + 1;
    }
    return false;
}

bool has_semicolon(std::string_view path) noexcept {
    return path.find(';') != std::string_view::npos || mentions(path, "%3b");
}

bool is_malformed(const ParsedRequest& request) noexcept {
    return request.path.fault != Path::Fault::none || !request.parameters.well_encoded ||
           request.parameters.action.repeated || has_semicolon(request.raw.path);
}

bool means_devices(const ParsedRequest& request) {
    const std::string_view path = decode_leniently(request.raw.path, request.memory);
    return has_element(path, "json") && has_element(path, "users") && has_element(path, "devices");
}

bool means_action(const ParsedRequest& request) {
    constexpr std::string_view kAction = "_action";
    const std::string_view query = request.raw.query;
    return mentions(query, kAction) || mentions(decode_leniently(query, request.memory), kAction);
}

}  // namespace

bool is_unsure(const ParsedRequest& request) {
    if (request.settings.profiles != Profiles::am || !is_malformed(request)) {
        return false;
    }
    const bool is_change = request.method == "DELETE" || request.method == "PUT";
    if (is_change && request.device_calls() == DeviceCalls::guard) {
        return means_devices(request);
    }
    return request.raw.method == "POST" && means_devices(request) && means_action(request);
}

std::optional<Refusal> check_guard(const ParsedRequest& request) {
    if (!is_unsure(request)) {
        return std::nullopt;
    }
    if (has_semicolon(request.raw.path)) {
        return Refusal{.status = 400,
                       .message = format::concat(request.memory, "Resource path '",
                                                 request.raw.path, "' contains a semicolon")};
    }
    return refuse_repeated(request.parameters.action, "_action", request);
}

}  // namespace mfa_reset::am
