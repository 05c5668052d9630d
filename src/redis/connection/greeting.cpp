#include "redis/connection/greeting.hpp"

#include <initializer_list>

#include "redis/protocol/codec.hpp"
#include "redis/protocol/errors.hpp"

namespace mfa_reset::redis {

namespace {

using Judgement = Greeting::Judgement;
using Type = Reply::Type;

/// The class of an error if it is one of Redis's; the first word of any other text may be a secret.
std::string_view class_of(const Reply& reply) noexcept {
    const std::string_view name = reply.error_class();
    return name == "ERR" || name == "DENIED" ? name : error_class(name).name;
}

/// `quote`: the log may show the whole error.
Judgement refused(std::string_view name, const Reply& reply, bool quote) {
    std::string why{name};
    why += reply.is(Type::error) ? " was refused: " : " was answered wrongly: ";
    why += quote ? reply.text : class_of(reply);
    return {std::move(why)};
}

/// The reply to AUTH may quote the password.
Judgement judge_auth(std::string_view name, const Reply& reply) {
    return reply.is_status("OK") ? Judgement{} : refused(name, reply, false);
}

Judgement judge_status(std::string_view name, const Reply& reply) {
    return reply.is_status("OK") ? Judgement{} : refused(name, reply, true);
}

/// Whether the server, in its present state, refuses this client: it wants a password, takes no
/// client from this address, has too many of them, is loading, …
bool refuses_client(const Reply& reply) {
    const std::string_view name = reply.error_class();
    return error_class(name).passing || name == "DENIED" ||
           reply.text.starts_with("ERR max number of clients");
}

/// The name only helps the reader of CLIENT LIST. Redis may have renamed CLIENT, the user may lack
/// the right to it, a proxy may not know it: all other commands work.
Judgement judge_name(std::string_view name, const Reply& reply) {
    Judgement judgement = judge_status(name, reply);
    if (reply.is(Type::error) && !refuses_client(reply)) {
        judgement.remark.swap(judgement.refusal);
    }
    return judgement;
}

/// `["master", …]`
Judgement judge_role(std::string_view name, const Reply& reply) {
    if (reply.elements.empty()) {
        return refused(name, reply, true);
    }
    const auto role = reply.elements.front().string_or_empty();
    return role == "master" ? Judgement{} : Judgement{"the server is no master"};
}

/// Lines of `name:value`. If the user lacks the right to INFO, skip the check. A Redis that has
/// renamed CLIENT says only here that it wants a password.
Judgement judge_memory(std::string_view name, const Reply& reply) {
    if (reply.is(Type::error) && reply.error_class() == "NOAUTH") {
        return refused(name, reply, true);
    }
    constexpr std::string_view kPolicy = "\nmaxmemory_policy:";
    const std::string_view text = reply.string_or_empty();
    const auto found = text.find(kPolicy);
    if (found == std::string_view::npos) {
        return {};
    }
    const std::string_view policy = text.substr(found + kPolicy.size());
    return {.refusal = {}, .eviction_policy = policy.substr(0, policy.find_first_of("\r\n"))};
}

void append(std::string& wire, std::initializer_list<std::string_view> words) {
    append_command(wire, {words.begin(), words.size()});
}

}  // namespace

Greeting::Greeting(const GreetingOptions& options) : password_(options.credentials.password) {
    const auto& [user, password] = options.credentials;
    if (!password.empty()) {
        if (user.empty()) {
            append(wire_, {"AUTH", password});
        } else {
            append(wire_, {"AUTH", user, password});
        }
        steps_.push_back({"AUTH", judge_auth});
    }
    if (options.database != 0) {
        append(wire_, {"SELECT", std::to_string(options.database)});
        steps_.push_back({"SELECT", judge_status});
    }
    append(wire_, {"CLIENT", "SETNAME", "mfa-reset"});
    steps_.push_back({"CLIENT SETNAME", judge_name});
    if (options.must_be_master) {
        append(wire_, {"ROLE"});
        steps_.push_back({"ROLE", judge_role});
    }
    if (options.keeps_records) {
        append(wire_, {"INFO", "memory"});
        steps_.push_back({"INFO", judge_memory});
    }
}

Judgement Greeting::judge(std::size_t step, const Reply& reply) const {
    const Step& asked = steps_[step];
    Judgement judgement = asked.judge(asked.name, reply);
    // If replies get out of step with commands, AUTH's error can appear under another command.
    const auto quotes = [this](std::string_view said) {
        return !password_.empty() && said.find(password_) != std::string_view::npos;
    };
    if (quotes(judgement.refusal) || quotes(judgement.remark)) {
        return refused(asked.name, reply, false);
    }
    return judgement;
}

}  // namespace mfa_reset::redis
