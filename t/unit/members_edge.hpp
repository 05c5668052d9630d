// For tests of the readers of records: gives a reader a body whose end the sanitizer watches, and
// shows the members as one line.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "fakes.hpp"
#include "format/members.hpp"

namespace mfa_reset::test {

using ReadMembers = std::optional<format::Members> (*)(std::string_view, Memory&,
                                                       format::MemberNames);

/// A body that was read, with its members and their memory.
class ReadBody {
public:
    ReadBody(ReadMembers read, std::string_view body, format::MemberNames wanted = {})
        : body_(std::make_unique_for_overwrite<char[]>(body.size())) {
        body.copy(body_.get(), body.size());
        members_ = read({body_.get(), body.size()}, memory_, wanted);
    }

    const std::optional<format::Members>& members() const { return members_; }
    std::size_t bytes() const { return memory_.bytes(); }

    /// `name=value|name=value`, a null as its name alone, or `refused`.
    std::string line() const {
        if (!members_) {
            return "refused";
        }
        std::string line;
        for (const format::Member& member : *members_) {
            line.append(line.empty() ? "" : "|").append(member.name);
            line.append(member.is_null ? "" : "=").append(member.value);
        }
        return line;
    }

private:
    std::unique_ptr<char[]> body_;
    RequestMemory memory_;
    std::optional<format::Members> members_;
};

inline std::string line_of(ReadMembers read, std::string_view body) {
    return ReadBody(read, body).line();
}

struct LineCase {
    std::string_view body;
    std::string_view line;
};

inline std::string repeated(std::string_view text, std::size_t times) {
    std::string result;
    result.reserve(text.size() * times);
    for (std::size_t at = 0; at < times; ++at) {
        result += text;
    }
    return result;
}

}  // namespace mfa_reset::test
