#include "mfa_reset/subject.hpp"

#include <algorithm>

#include "format/ascii.hpp"

namespace mfa_reset {

bool is_same_name(std::string_view left, std::string_view right,
                  SubjectCase subject_case) noexcept {
    return subject_case == SubjectCase::ascii ? format::equal_ignoring_case(left, right)
                                              : left == right;
}

std::string fold(std::string text, SubjectCase subject_case) {
    if (subject_case == SubjectCase::ascii) {
        std::ranges::transform(text, text.begin(), format::to_lower);
    }
    return text;
}

std::string_view fold(std::string_view text, SubjectCase subject_case, Memory& memory) {
    if (subject_case == SubjectCase::exact || text.empty()) {
        return text;
    }
    auto* folded = static_cast<char*>(memory.allocate(text.size(), 1));
    std::ranges::transform(text, folded, format::to_lower);
    return {folded, text.size()};
}

Subject fold(const Subject& subject, SubjectCase subject_case, Memory& memory) {
    return {fold(subject.realm, subject_case, memory), fold(subject.user, subject_case, memory),
            fold(subject.organisation, subject_case, memory)};
}

}  // namespace mfa_reset
