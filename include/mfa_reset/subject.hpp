// Users by name, and which names are the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset {

/// How names become keys: `ascii` folds A-Z to a-z and nothing else, `exact` leaves them.
enum class SubjectCase : std::uint8_t { ascii, exact };

/// A user, by realm and name, percent-decoded.
struct Subject {
    std::string_view realm;  ///< `/` or `/alpha/eu`; a segment holds no `/`
    std::string_view user;
    /// One more segment below the realm, which may hold any character; empty: none.
    std::string_view organisation{};
};

/// Whether both are the same name, by the case.
bool is_same_name(std::string_view left, std::string_view right, SubjectCase subject_case) noexcept;

/// `text` with A-Z as a-z if the case says so.
std::string fold(std::string text, SubjectCase subject_case);
std::string_view fold(std::string_view text, SubjectCase subject_case, Memory& memory);

/// All parts of `subject`, folded.
Subject fold(const Subject& subject, SubjectCase subject_case, Memory& memory);

}  // namespace mfa_reset
