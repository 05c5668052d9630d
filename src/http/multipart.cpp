#include "http/multipart.hpp"

#include <algorithm>
#include <cstring>

#include "format/ascii.hpp"
#include "format/text.hpp"
#include "format/utf8.hpp"
#include "http/parameters.hpp"

namespace mfa_reset::http {

namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMaxBoundary = 70;

/// As std::string_view's find, in one pass over any text: that one's takes a new start for each
/// first byte that it meets.
std::size_t find(std::string_view text, std::string_view wanted) noexcept {
    const void* const found = memmem(text.data(), text.size(), wanted.data(), wanted.size());
    return found == nullptr
               ? std::string_view::npos
               : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

/// The value of the first header of that name in the headers of a part; empty: there is none.
std::string_view find_header(std::string_view headers, std::string_view name) noexcept {
    while (!headers.empty()) {
        const std::size_t end = std::min(headers.find(kLineEnd), headers.size());
        const std::string_view line = headers.substr(0, end);
        headers.remove_prefix(std::min(end + kLineEnd.size(), headers.size()));
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos &&
            format::equal_ignoring_case(format::trim_blanks(line.substr(0, colon)), name)) {
            return format::trim_blanks(line.substr(colon + 1));
        }
    }
    return {};
}

/// `part`: from the end of the line of the boundary before it to that of the one behind. False: it
/// is malformed.
bool read_part(std::string_view part, format::MemberCollector& members) {
    constexpr std::string_view kEndOfHeaders = "\r\n\r\n";
    const std::size_t end = find(part, kEndOfHeaders);
    if (end == std::string_view::npos || !members.count()) {
        return false;
    }
    const std::string_view headers =
        part.substr(std::min(kLineEnd.size(), end), end - std::min(kLineEnd.size(), end));
    const std::string_view value = part.substr(end + kEndOfHeaders.size());
    const std::string_view disposition = find_header(headers, "Content-Disposition");
    const auto name = find_parameter(disposition, "name");
    const bool is_file =
        find_parameter(disposition, "filename") || find_parameter(disposition, "filename*");
    if (!name || is_file) {
        return true;
    }
    if (!format::is_utf8(*name) || !format::is_utf8(value)) {
        return false;
    }
    if (members.wants(*name)) {
        members.add(*name, value);
    }
    return true;
}

}  // namespace

std::optional<format::Members> read_multipart_members(std::string_view body,
                                                      std::string_view content_type, Memory& memory,
                                                      format::MemberNames wanted) {
    const std::string_view boundary = find_parameter(content_type, "boundary").value_or("");
    format::MemberCollector members(memory, wanted);
    if (body.empty()) {
        return members.take();
    }
    if (boundary.empty() || boundary.size() > kMaxBoundary) {
        return std::nullopt;
    }
    const std::string_view delimiter = format::concat(memory, kLineEnd, "--", boundary);
    // What is before the first boundary says nothing, nor what is behind the last one.
    const bool at_once = body.starts_with(delimiter.substr(kLineEnd.size()));
    std::size_t at = at_once ? 0 : find(body, delimiter);
    std::size_t size = at_once ? delimiter.size() - kLineEnd.size() : delimiter.size();
    while (at != std::string_view::npos) {
        body.remove_prefix(at + size);
        if (body.starts_with("--")) {
            return members.take();
        }
        while (!body.empty() && (body.front() == ' ' || body.front() == '\t')) {
            body.remove_prefix(1);
        }
        at = body.starts_with(kLineEnd) ? find(body, delimiter) : std::string_view::npos;
        size = delimiter.size();
        if (at != std::string_view::npos && !read_part(body.substr(0, at), members)) {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace mfa_reset::http
