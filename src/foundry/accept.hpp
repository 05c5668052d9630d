// Which format the header `Accept` asks for.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "foundry/formats.hpp"
#include "mfa_reset/message.hpp"

namespace mfa_reset::foundry {

/// The form that `headers` want, all `Accept` lines together (contracts: foundry.md, "Which format
/// answers"): the known type of the highest q-value, the first of those that are equal; `*/*` is
/// `own`, the request's own type, else JSON. What is refused by `q=0` is not meant by `*/*`. JSON
/// where nothing matches, for there is no 406 here.
///
/// This is ServiceStack's way and not RFC 9110's: how specific a range is does not count, and no
/// range but `*/*` stands for several types.
Form negotiate(std::span<const Header> headers, std::optional<Format> own) noexcept;

}  // namespace mfa_reset::foundry
