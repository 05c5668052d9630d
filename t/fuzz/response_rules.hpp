// What holds of any API's answer and trace, whatever was asked.
#pragma once

#include <jansson.h>

#include <memory>

#include "scene.hpp"

namespace mfa_reset::fuzz {

using Json = std::unique_ptr<json_t, decltype(&json_decref)>;

/// The headers are printable and each is there once, a text is printable, and JSON is one strict
/// JSON value in UTF-8, which is returned; null for any other body.
Json judge_answer(const Response& response);

/// The text of a member; empty where there is none.
std::string_view text_member(const Json& json, const char* name);

/// `secret` is in nothing that the client or a log gets. Judged is what may be there for no other
/// reason: what has kMark in it, as the seeds' tokens have and no text of the library, is of
/// some length, and is in the input once.
inline constexpr std::string_view kMark = "AQIC";
void judge_secret(std::string_view secret, std::string_view input, const SceneRun& run);

}  // namespace mfa_reset::fuzz
