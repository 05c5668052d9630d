// Replies as text, so that tests compare whole trees in one line, and the wire format that the
// tests write and read themselves, without the codec that they test.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "redis/protocol/reply.hpp"

namespace mfa_reset::test {

/// nil `_`, integer `:7`, status `+OK`, error `-ERR …`, string `"…"`, array `[… …]`.
inline std::string describe(const redis::Reply& reply) {
    using Type = redis::Reply::Type;
    switch (reply.type) {
        case Type::nil: return "_";
        case Type::integer: return ":" + std::to_string(reply.integer);
        case Type::status: return "+" + std::string{reply.text};
        case Type::error: return "-" + std::string{reply.text};
        case Type::string: return '"' + std::string{reply.text} + '"';
        case Type::array: break;
    }
    std::string text = "[";
    for (const redis::Reply& element : reply.elements) {
        text += (text.size() > 1 ? " " : "") + describe(element);
    }
    return text + "]";
}

inline std::string bulk(std::string_view text) {
    return "$" + std::to_string(text.size()) + "\r\n" + std::string{text} + "\r\n";
}

inline std::string array_of(std::initializer_list<std::string> elements) {
    std::string wire = "*" + std::to_string(elements.size()) + "\r\n";
    for (const std::string& element : elements) {
        wire += element;
    }
    return wire;
}

using Words = std::vector<std::string>;

/// Takes one command, an array of bulk strings, from the front of `wire`. Empty, and `wire` left
/// alone, where it is not there to its last byte.
inline Words take_command(std::string_view& wire) {
    std::string_view rest = wire;
    const auto number = [&rest](char mark) -> long {
        const auto end = rest.find("\r\n");
        if (end == std::string_view::npos || rest.front() != mark) {
            return -1;
        }
        const long value = std::atol(std::string{rest.substr(1, end - 1)}.c_str());
        rest.remove_prefix(end + 2);
        return value;
    };
    Words words;
    const long count = number('*');
    for (long i = 0; i < count; ++i) {
        const long size = number('$');
        if (size < 0 || rest.size() < static_cast<std::size_t>(size) + 2) {
            return {};
        }
        words.emplace_back(rest.substr(0, static_cast<std::size_t>(size)));
        rest.remove_prefix(static_cast<std::size_t>(size) + 2);
    }
    if (count > 0) {
        wire = rest;
    }
    return words;
}

/// All whole commands at the front of `wire`.
inline std::vector<Words> commands(std::string_view wire) {
    std::vector<Words> all;
    for (Words words = take_command(wire); !words.empty(); words = take_command(wire)) {
        all.push_back(words);
    }
    return all;
}

}  // namespace mfa_reset::test
