#include "http/content_encoding.hpp"

#define ZLIB_CONST  // what is read is const
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "format/ascii.hpp"

namespace mfa_reset::http {

namespace {

using Outcome = Decoded::Outcome;

/// inflateInit2's `windowBits`: the largest window, and the format in the sign or added to it.
constexpr int kRaw = -MAX_WBITS;
constexpr int kZlib = MAX_WBITS;
constexpr int kGzip = MAX_WBITS + 16;

constexpr unsigned char kGzipMagic[]{0x1F, 0x8B};

bool is_gzip(std::string_view bytes) noexcept {
    return bytes.size() >= sizeof kGzipMagic &&
           std::equal(std::begin(kGzipMagic), std::end(kGzipMagic), bytes.begin(),
                      [](unsigned char left, char right) {
                          return left == static_cast<unsigned char>(right);
                      });
}

/// Whether deflated data has zlib's header (RFC 1950, 2.2). Raw data never looks like it: its first
/// byte would be a stored block's with a padding that is not zero.
bool has_zlib_header(std::string_view bytes) noexcept {
    if (bytes.size() < 2) {
        return false;
    }
    const unsigned first = static_cast<unsigned char>(bytes[0]);
    const unsigned second = static_cast<unsigned char>(bytes[1]);
    return (first & 0x0FU) == Z_DEFLATED && (first << 8U | second) % 31 == 0;
}

/// Whether `text` has more than `most` of the marks that divide records.
bool has_many_marks(std::string_view text, std::size_t most) noexcept {
    std::size_t count = 0;
    for (const char mark : std::string_view(",{[<&=\"\\%")) {
        const char* at = text.data();
        const char* const end = at + text.size();
        while (at != end) {
            at =
                static_cast<const char*>(std::memchr(at, mark, static_cast<std::size_t>(end - at)));
            if (at == nullptr) {
                break;
            }
            ++at;
            if (++count > most) {
                return true;
            }
        }
    }
    return false;
}

extern "C" {
void* allocate_for_zlib(void* memory, unsigned items, unsigned size) {
    try {
        return static_cast<Memory*>(memory)->allocate(static_cast<std::size_t>(items) * size);
    } catch (const std::bad_alloc&) {
        return nullptr;  // zlib is C: nothing may be thrown through it
    }
}
void free_for_zlib(void* /*memory*/, void* /*block*/) {}
}

/// zlib's stream, with the memory of the request: nothing to free.
class Inflater {
public:
    Inflater(std::string_view body, int format, std::size_t most, Memory& memory)
        : most_(most), free_steps_(kFreeSteps + body.size() / kStepInput), memory_(memory) {
        stream_.zalloc = allocate_for_zlib;
        stream_.zfree = free_for_zlib;
        stream_.opaque = &memory;
        stream_.next_in = reinterpret_cast<const unsigned char*>(body.data());
        stream_.avail_in = static_cast<unsigned>(body.size());
        if (inflateInit2(&stream_, format) != Z_OK) {
            throw std::bad_alloc();
        }
    }

    Decoded run(bool may_have_members) {
        // Most bodies are small, and so is what they become.
        constexpr std::size_t kUsual = 4096;
        reserve(std::min(kUsual, most_ + 1));
        for (;;) {
            const int result = run_member();
            if (result == Z_STREAM_END && may_have_members && is_gzip(rest())) {
                inflateReset(&stream_);
                continue;
            }
            const bool is_whole = result == Z_STREAM_END && stream_.avail_in == 0;
            return is_too_large() ? Decoded{Outcome::too_large}
                   : is_whole     ? Decoded{Outcome::good, {bytes_, written()}}
                                  : Decoded{Outcome::malformed};
        }
    }

private:
    static constexpr std::size_t kFreeSteps = 4;
    static constexpr std::size_t kStepInput = 512;

    std::size_t written() const noexcept { return size_ - stream_.avail_out; }

    bool is_too_large() const noexcept {
        const std::size_t steps = steps_ > free_steps_ ? steps_ - free_steps_ : 0;
        return written() + steps * kStepBytes > most_;
    }

    /// Up to the end of a member, step by step: its header, each block. Returns what inflate()
    /// returned last: Z_OK if the output or the steps are too many, Z_BUF_ERROR if the input is too
    /// short.
    int run_member() {
        for (;;) {
            const int result = inflate(&stream_, Z_BLOCK);
            if (result == Z_MEM_ERROR) {
                throw std::bad_alloc();
            }
            const bool is_full = stream_.avail_out == 0;
            steps_ += result == Z_OK && !is_full ? 1 : 0;
            if (result != Z_OK || steps_ > kMaxSteps || is_too_large()) {
                return result;
            }
            if (is_full) {
                reserve(most_ + 1);
            }
        }
    }

    std::string_view rest() const noexcept {
        return {reinterpret_cast<const char*>(stream_.next_in), stream_.avail_in};
    }

    /// Room for `size` bytes, with what is there so far.
    void reserve(std::size_t size) {
        auto* const bytes = static_cast<char*>(memory_.allocate(size, 1));
        std::copy_n(bytes_, size_, bytes);
        stream_.next_out = reinterpret_cast<unsigned char*>(bytes) + size_;
        stream_.avail_out = static_cast<unsigned>(size - size_);
        bytes_ = bytes;
        size_ = size;
    }

    std::size_t most_;
    std::size_t free_steps_;
    Memory& memory_;
    z_stream stream_{};
    char* bytes_ = nullptr;
    std::size_t size_ = 0;
    std::size_t steps_ = 0;
};

}  // namespace

void ContentEncoding::read(std::string_view line) noexcept {
    while (!line.empty()) {
        const std::size_t end = std::min(line.find(','), line.size());
        const std::string_view name = format::trim_blanks(line.substr(0, end));
        line.remove_prefix(std::min(end + 1, line.size()));
        const auto is = [name](std::string_view other) {
            return format::equal_ignoring_case(name, other);
        };
        if (name.empty() || is("identity")) {
            continue;
        }
        kind_ = kind_ != Kind::none          ? Kind::other
                : is("gzip") || is("x-gzip") ? Kind::gzip
                : is("deflate")              ? Kind::deflate
                                             : Kind::other;
    }
}

Decoded decode_content(std::string_view body, ContentEncoding encoding, std::size_t most,
                       Memory& memory) {
    using Kind = ContentEncoding::Kind;
    if (encoding.kind_ == Kind::other) {
        return {Outcome::malformed};
    }
    if (encoding.kind_ == Kind::none || body.empty()) {
        return {Outcome::good, body};
    }
    const bool is_gzip = encoding.kind_ == Kind::gzip;
    const int format = is_gzip ? kGzip : has_zlib_header(body) ? kZlib : kRaw;
    const Decoded decoded = Inflater(body, format, most, memory).run(is_gzip);
    return has_many_marks(decoded.body, kMaxMarks + 2 * body.size()) ? Decoded{} : decoded;
}

}  // namespace mfa_reset::http
