#include "format/text.hpp"

#include <algorithm>
#include <cstring>

namespace mfa_reset::format {

void Text::grow(std::size_t more) { move(std::max(size_ + more, 2 * room_)); }

void Text::move(std::size_t room) {
    auto* bytes = static_cast<char*>(memory_.allocate(room, 1));
    if (size_ > 0) {
        std::memcpy(bytes, bytes_, size_);
    }
    bytes_ = bytes;
    room_ = room;
}

}  // namespace mfa_reset::format
