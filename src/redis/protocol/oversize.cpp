#include "redis/protocol/oversize.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace mfa_reset::redis {

namespace {

constexpr std::string_view kReplacement =
    "-TOOLARGE Redis holds a value that is too large to be read\r\n";
constexpr std::string_view kEnd = "\r\n";

/// Up to the end of the first line, or all where it does not end.
std::size_t line_size(std::string_view text) noexcept {
    const std::size_t end = text.find('\n');
    return end == std::string_view::npos ? text.size() : end + 1;
}

/// The number of `$12\r\n`. If the line has no valid number, returns nullopt.
std::optional<std::int64_t> read_number(std::string_view header) noexcept {
    if (!header.ends_with(kEnd)) {
        return std::nullopt;
    }
    std::int64_t number = 0;
    const char* end = header.data() + header.size() - kEnd.size();
    const auto [stop, error] = std::from_chars(header.data() + 1, end, number);
    return error == std::errc{} && stop == end ? std::optional{number} : std::nullopt;
}

std::string_view take_front(std::string_view& in, std::size_t size) noexcept {
    const std::string_view front = in.substr(0, size);
    in.remove_prefix(front.size());
    return front;
}

/// Takes as much of `left` bytes as is there.
std::string_view take_of(std::uint64_t& left, std::string_view& in) noexcept {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, in.size()));
    left -= size;
    return take_front(in, size);
}

}  // namespace

std::string_view OversizeFilter::next(std::string_view& in) noexcept {
    if (skip_ != 0) {
        (void)take_of(skip_, in);
        return {};
    }
    if (payload_ != 0) {
        return take_of(payload_, in);
    }
    if (broken_) {
        return take_front(in, in.size());
    }
    if (held_size_ != 0) {
        return complete_header(in);
    }
    const bool is_header = !in_text_ && (in.front() == '$' || in.front() == '*');
    return is_header ? complete_header(in) : take_text(in);
}

/// Keeps the parts of a header until it is whole: only then it is known whether it passes.
std::string_view OversizeFilter::complete_header(std::string_view& in) noexcept {
    const std::string_view part =
        take_front(in, std::min(line_size(in), held_.size() - held_size_));
    part.copy(held_.data() + held_size_, part.size());
    held_size_ += part.size();
    const std::string_view header{held_.data(), held_size_};
    if (!header.ends_with('\n') && header.size() < held_.size()) {
        return {};
    }
    held_size_ = 0;
    return take_header(header);
}

std::string_view OversizeFilter::take_header(std::string_view header) noexcept {
    begin_value();
    const auto number = read_number(header);
    if (!number) {
        broken_ = true;
        return header;
    }
    if (header.front() == '$' && *number >= 0) {
        return take_bulk(header, *number);
    }
    size_ += header.size();
    if (*number > 0) {
        open_ += static_cast<std::uint64_t>(*number);  // the reader bounds them
    }
    return header;
}

std::string_view OversizeFilter::take_bulk(std::string_view header, std::int64_t length) noexcept {
    const std::uint64_t rest = static_cast<std::uint64_t>(length) + kEnd.size();
    const bool fits = size_ < limit_ && header.size() + rest <= limit_ - size_;
    if (!fits && length <= kLongest) {
        skip_ = rest;
        size_ += kReplacement.size();
        return kReplacement;
    }
    payload_ = rest;
    size_ += header.size() + rest;
    return header;
}

std::string_view OversizeFilter::take_text(std::string_view& in) noexcept {
    if (!in_text_) {
        begin_value();
    }
    const std::string_view line = take_front(in, line_size(in));
    in_text_ = !line.ends_with('\n');
    size_ += line.size();
    return line;
}

void OversizeFilter::begin_value() noexcept {
    if (open_ == 0) {
        open_ = 1;
        size_ = 0;
    }
    --open_;
}

}  // namespace mfa_reset::redis
