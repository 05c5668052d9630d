// multipart/form-data (RFC 7578): forms with files, and what FormData and MultipartFormDataContent
// send.
#pragma once

#include <optional>
#include <string_view>

#include "format/members.hpp"

namespace mfa_reset::http {

/// The text fields of `body`. `content_type`: the header's value, with the parameter `boundary`.
/// A part with a file's name, or without a field's, is skipped. nullopt: there is no boundary, or
/// one that none may be (RFC 2046, 5.1.1); the last boundary is missing; a part has no end of its
/// headers; a text field is not UTF-8; there are more than format::kMaxMembers parts.
std::optional<format::Members> read_multipart_members(std::string_view body,
                                                      std::string_view content_type, Memory& memory,
                                                      format::MemberNames wanted = {});

}  // namespace mfa_reset::http
