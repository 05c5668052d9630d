#include "redis/protocol/codec.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>
#include <memory_resource>

#include "compat.hpp"

namespace mfa_reset::redis {

namespace {

Reply::Type type_of(const redisReadTask& task) noexcept {
    switch (task.type) {
        case REDIS_REPLY_STATUS: return Reply::Type::status;
        case REDIS_REPLY_ERROR: return Reply::Type::error;
        default: return Reply::Type::string;
    }
}

/// We never say HELLO 3, yet hiredis 1 takes RESP3's maps, sets and pushes for arrays, its null for
/// nil.
bool is_resp2(const redisReadTask& task) noexcept {
    switch (task.type) {
        case REDIS_REPLY_STRING:
        case REDIS_REPLY_STATUS:
        case REDIS_REPLY_ERROR:
        case REDIS_REPLY_INTEGER:
        case REDIS_REPLY_ARRAY: return true;
        default: return false;
    }
}

/// hiredis 0.14 reads arrays in arrays seven deep, hiredis 1 as deep as they come.
bool is_too_deep(const redisReadTask& task) noexcept {
    constexpr int kMost = 7;
    int depth = 0;
    for (const redisReadTask* above = task.parent; above != nullptr; above = above->parent) {
        ++depth;
    }
    return depth > kMost;
}

constexpr std::string_view kEnd = "\r\n";
/// The most that a length takes: its mark, its digits, its end.
constexpr std::size_t kLengthRoom = 1 + std::numeric_limits<std::size_t>::digits10 + 1 + 2;

/// `*3` or `$12` with its end, to a place with kLengthRoom.
char* append_length(char* out, char mark, std::size_t length) noexcept {
    *out++ = mark;
    out = std::to_chars(out, out + kLengthRoom, length).ptr;
    return std::copy(kEnd.begin(), kEnd.end(), out);
}

}  // namespace

// What hiredis calls while it parses. A nullptr tells it that there is no memory, which ends the
// parse.
struct ReaderCallbacks {
    static ReplyReader& reader(const redisReadTask* task) noexcept {
        return *static_cast<ReplyReader*>(task->privdata);
    }

    static void* string(const redisReadTask* task, char* text, std::size_t size) noexcept {
        Reply* reply = reader(task).place(*task);
        if (reply == nullptr) {
            return nullptr;
        }
        try {
            reply->text = mfa_reset::copy(std::string_view{text, size}, reader(task).memory_);
        } catch (const std::bad_alloc&) {
            return nullptr;
        }
        reply->type = type_of(*task);
        return reply;
    }

    static void* array(const redisReadTask* task, compat::ElementCount count) noexcept {
        ReplyReader& self = reader(task);
        Reply* reply = self.place(*task);
        const auto size = static_cast<std::size_t>(count);
        if (size > self.limits_.elements - self.elements_) {
            self.over_limit_ = true;
            return nullptr;
        }
        if (reply == nullptr) {
            return nullptr;
        }
        self.elements_ += size;
        reply->type = Reply::Type::array;
        if (size != 0) {
            try {
                auto* items = static_cast<Reply*>(
                    self.memory_.allocate(size * sizeof(Reply), alignof(Reply)));
                std::uninitialized_value_construct_n(items, size);
                reply->elements = {items, size};
            } catch (const std::bad_alloc&) {
                return nullptr;
            }
        }
        return reply;
    }

    static void* integer(const redisReadTask* task, long long value) noexcept {
        Reply* reply = reader(task).place(*task);
        if (reply != nullptr) {
            reply->type = Reply::Type::integer;
            reply->integer = value;
        }
        return reply;
    }

    static void* nil(const redisReadTask* task) noexcept { return reader(task).place(*task); }

    static void free_object(void* /*reply*/) noexcept {}  // goes with the reader's memory
};

ReplyReader::ReplyReader(ReplyLimits limits) : limits_(limits) { reset(); }

ReplyReader::~ReplyReader() = default;

void ReplyReader::reset() {
    // hiredis keeps the pointer, and writes nothing through it.
    static redisReplyObjectFunctions functions = compat::reply_functions(
        ReaderCallbacks::string, ReaderCallbacks::array, ReaderCallbacks::integer,
        ReaderCallbacks::nil, ReaderCallbacks::free_object);

    reader_.reset(redisReaderCreateWithFunctions(&functions));
    if (!reader_) {
        throw std::bad_alloc();
    }
    reader_->privdata = this;
    memory_.release();
    reply_ = nullptr;
    bytes_ = 0;
    elements_ = 0;
    over_limit_ = false;
    error_ = {};
    filter_ = OversizeFilter{limits_.bytes};
}

bool ReplyReader::feed(std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const std::string_view part = filter_.next(bytes);
        if (redisReaderFeed(reader_.get(), part.data(), part.size()) != REDIS_OK) {
            return false;
        }
    }
    return true;
}

ReplyReader::Next ReplyReader::next() noexcept {
    if (!error_.empty()) {
        return Next::error;
    }
    if (reply_ != nullptr) {
        reply_ = nullptr;
        bytes_ = 0;
        elements_ = 0;
        memory_.release();
    }
    const std::size_t before = reader_->len - reader_->pos;
    void* reply = nullptr;
    if (redisReaderGetReply(reader_.get(), &reply) != REDIS_OK) {
        return fail(over_limit_ ? "a reply has too many elements" : "what came is no Redis reply");
    }
    const std::size_t waiting = reader_->len - reader_->pos;
    bytes_ += before - waiting;
    if (bytes_ + (reply == nullptr ? waiting : 0) > limits_.bytes) {
        return fail("a reply is too long");
    }
    if (reply == nullptr) {
        return Next::more;
    }
    reply_ = static_cast<const Reply*>(reply);
    return Next::reply;
}

ReplyReader::Next ReplyReader::fail(std::string_view why) noexcept {
    error_ = why;
    return Next::error;
}

Reply* ReplyReader::place(const redisReadTask& task) noexcept {
    if (!is_resp2(task) || is_too_deep(task)) {
        return nullptr;
    }
    if (task.parent != nullptr) {
        auto* parent = static_cast<Reply*>(task.parent->obj);
        return &parent->elements[static_cast<std::size_t>(task.idx)];
    }
    try {
        return new (memory_.allocate(sizeof(Reply), alignof(Reply))) Reply{};
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

Reply copy(const Reply& reply, Memory& memory) {
    Reply result = reply;
    result.text = mfa_reset::copy(reply.text, memory);
    if (!reply.elements.empty()) {
        const std::size_t size = reply.elements.size();
        auto* items = static_cast<Reply*>(memory.allocate(size * sizeof(Reply), alignof(Reply)));
        std::uninitialized_value_construct_n(items, size);
        std::ranges::transform(reply.elements, items,
                               [&memory](const Reply& element) { return copy(element, memory); });
        result.elements = {items, size};
    }
    return result;
}

void append_command(std::string& out, std::span<const std::string_view> arguments) {
    std::size_t room = kLengthRoom;
    for (const std::string_view argument : arguments) {
        room += kLengthRoom + argument.size() + kEnd.size();
    }
    const std::size_t before = out.size();
    out.resize(before + room);
    char* end = append_length(out.data() + before, '*', arguments.size());
    for (const std::string_view argument : arguments) {
        end = append_length(end, '$', argument.size());
        end = std::copy(argument.begin(), argument.end(), end);
        end = std::copy(kEnd.begin(), kEnd.end(), end);
    }
    out.resize(static_cast<std::size_t>(end - out.data()));
}

}  // namespace mfa_reset::redis
