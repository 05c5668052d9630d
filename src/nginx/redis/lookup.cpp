#include "nginx/redis/lookup.hpp"

#include <span>
#include <utility>

#include "nginx/clock.hpp"
#include "redis/protocol/host.hpp"

namespace mfa_reset::nginx {

namespace {

/// The lookups of this worker that wait for the resolver: a list.
RedisLookup* asking = nullptr;

}  // namespace

RedisLookup::RedisLookup(RedisAddresses& known, const Resolving& resolving, Owner& owner,
                         ngx_log_t* log) noexcept
    : known_(known), resolving_(resolving), owner_(owner) {
    done_.data = this;
    done_.handler = on_done;
    done_.log = log;
}

std::optional<ngx_addr_t> RedisLookup::start(redis::Address& address) noexcept {
    if (literal_.parse(address)) {
        return literal_.get();
    }
    if (const ngx_addr_t* known = known_.next(address)) {
        return *known;
    }
    ask(address);
    return std::nullopt;
}

void RedisLookup::cancel() noexcept {
    if (done_.posted) {
        ngx_delete_posted_event(&done_);
    }
    if (question_ != nullptr) {
        ngx_resolve_name_done(take_question());
    }
}

void RedisLookup::ask(redis::Address& address) noexcept {
    const ngx_str_t host = str(address.host);
    if (resolving_.resolver == nullptr) {
        fail("%V is not known: nginx has no resolver to ask", &host);
        return;
    }
    if (host.len > redis::kLongestName) {
        fail("a name of %uz characters is too long", host.len);
        return;
    }
    question_ = ngx_resolve_start(resolving_.resolver, nullptr);
    if (question_ == nullptr) {
        fail("no memory");
        return;
    }
    next_asking_ = std::exchange(asking, this);
    port_ = address.port;
    question_->name = host;
    question_->handler = on_resolved;
    question_->data = this;
    question_->timeout = resolving_.timeout == 0 ? 0 : resolving_.timeout + loop_is_late();
    question_->cancelable = 1;
    if (ngx_resolve_name(question_) != NGX_OK) {
        (void)take_question();  // freed
        fail("no memory");
    }
}

ngx_resolver_ctx_t* RedisLookup::take_question() noexcept {
    RedisLookup** place = &asking;
    while (*place != this) {
        place = &(*place)->next_asking_;
    }
    *place = next_asking_;
    return std::exchange(question_, nullptr);
}

/// May be called from inside ngx_resolve_name(). If several ask for one name, nginx calls this
/// while it walks their list: no other question may be touched then.
void RedisLookup::on_resolved(ngx_resolver_ctx_t* question) noexcept {
    auto& lookup = *static_cast<RedisLookup*>(question->data);
    (void)lookup.take_question();
    if (question->state == NGX_OK) {
        lookup.last_.assign(lookup.next_of(*question), lookup.port_);
        lookup.why_size_ = 0;
        ngx_post_event(&lookup.done_, &ngx_posted_events);
    } else {
        lookup.fail_as(*question);
    }
    if (question->state == NGX_RESOLVE_TIMEDOUT) {
        expire_alike(*question);
    }
    ngx_resolve_name_done(question);
}

/// If an answer is lost, nginx sends the question again only after five seconds, unless no lookup
/// waits for it. So all of ours for this name end at once, and the next attempt sends a new
/// question, to the next name server if there are several. For a timeout nginx does not walk a
/// list.
void RedisLookup::expire_alike(const ngx_resolver_ctx_t& question) noexcept {
    for (RedisLookup* each = asking; each != nullptr;) {
        RedisLookup* next = each->next_asking_;
        if (each->question_->node == question.node) {
            each->fail_as(question);
            ngx_resolve_name_done(each->take_question());
        }
        each = next;
    }
}

void RedisLookup::fail_as(const ngx_resolver_ctx_t& question) noexcept {
    fail("%V could not be resolved (%i: %s)", &question.name, question.state,
         ngx_resolver_strerror(question.state));
}

/// Round robin: the address after the last one in their order, because nginx gives them in a random
/// order. The first one is random, so workers begin with different ones.
const sockaddr& RedisLookup::next_of(const ngx_resolver_ctx_t& answer) const noexcept {
    const sockaddr* first = answer.addrs[0].sockaddr;
    if (last_.empty()) {
        return *first;
    }
    const sockaddr* next = nullptr;
    for (const ngx_resolver_addr_t& each : std::span{answer.addrs, answer.naddrs}) {
        if (is_before(*each.sockaddr, *first)) {
            first = each.sockaddr;
        }
        if (is_before(last_.socket(), *each.sockaddr) &&
            (next == nullptr || is_before(*each.sockaddr, *next))) {
            next = each.sockaddr;
        }
    }
    return next != nullptr ? *next : *first;
}

template <class... Args>
void RedisLookup::fail(const char* format, Args... args) noexcept {
    const u_char* end = ngx_slprintf(why_.data(), why_.data() + why_.size(), format, args...);
    why_size_ = static_cast<std::size_t>(end - why_.data());
    ngx_post_event(&done_, &ngx_posted_events);
}

void RedisLookup::on_done(ngx_event_t* event) noexcept {
    auto& lookup = *static_cast<RedisLookup*>(event->data);
    if (lookup.why_size_ == 0) {
        lookup.owner_.found(lookup.last_.get());
    } else {
        lookup.owner_.not_found(
            {reinterpret_cast<const char*>(lookup.why_.data()), lookup.why_size_});
    }
}

}  // namespace mfa_reset::nginx
