#include "redis/protocol/slot.hpp"

#include <array>
#include <cstddef>

namespace mfa_reset::redis {

namespace {

constexpr std::array<std::uint16_t, 256> make_table() {
    std::array<std::uint16_t, 256> table{};
    for (unsigned byte = 0; byte < table.size(); ++byte) {
        unsigned rest = byte << 8U;
        for (int bit = 0; bit < 8; ++bit) {
            rest = (rest << 1U) ^ ((rest & 0x8000U) != 0 ? 0x1021U : 0U);
        }
        table.at(byte) = static_cast<std::uint16_t>(rest);
    }
    return table;
}

constexpr std::array<std::uint16_t, 256> kTable = make_table();

}  // namespace

std::uint16_t crc16(std::string_view bytes) noexcept {
    unsigned crc = 0;
    for (const char c : bytes) {
        const unsigned index = ((crc >> 8U) ^ static_cast<unsigned char>(c)) & 0xFFU;
        crc = ((crc << 8U) ^ kTable[index]) & 0xFFFFU;
    }
    return static_cast<std::uint16_t>(crc);
}

std::string_view hash_tag(std::string_view key) noexcept {
    const std::size_t open = key.find('{');
    if (open == std::string_view::npos) {
        return key;
    }
    const std::size_t close = key.find('}', open + 1);
    const bool is_tag = close != std::string_view::npos && close != open + 1;
    return is_tag ? key.substr(open + 1, close - open - 1) : key;
}

std::uint16_t key_slot(std::string_view key) noexcept { return crc16(hash_tag(key)) % kSlots; }

}  // namespace mfa_reset::redis
