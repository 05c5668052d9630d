#include "nginx/request/subrequest.hpp"

#include <algorithm>

#include "mfa_reset/api.hpp"
#include "nginx/clock.hpp"
#include "nginx/request/message.hpp"

namespace mfa_reset::nginx {

namespace {

template <class T>
T* make(Memory& memory) {
    return new (memory.allocate(sizeof(T), alignof(T))) T{};
}

/// Adds a request header, with the hash of its name, as nginx does for a client's: without the hash
/// proxy_set_header does not replace the header, but sends both.
ngx_table_elt_t& add_header(ngx_http_request_t* sr, std::string_view name, std::string_view value) {
    auto* element = static_cast<ngx_table_elt_t*>(ngx_list_push(&sr->headers_in.headers));
    auto* lowcase = static_cast<u_char*>(ngx_pnalloc(sr->pool, name.size()));
    if (element == nullptr || lowcase == nullptr) {
        throw std::bad_alloc();
    }
    *element = {};
    element->key = str(name);
    element->value = str(value);
    element->lowcase_key = lowcase;
    element->hash = ngx_hash_strlow(lowcase, element->key.data, element->key.len);
    return *element;
}

/// Puts the header into nginx's field for its name, if there is one: variables read it there.
void register_header(ngx_http_request_t* sr, ngx_table_elt_t& header) {
    auto& core = *static_cast<ngx_http_core_main_conf_t*>(
        ngx_http_get_module_main_conf(sr, ngx_http_core_module));
    const auto* known = static_cast<const ngx_http_header_t*>(
        ngx_hash_find(&core.headers_in_hash, header.hash, header.lowcase_key, header.key.len));
    if (known != nullptr && known->handler(sr, &header, known->offset) != NGX_OK) {
        throw std::bad_alloc();
    }
}

/// The subrequest gets a header list of its own: of the client's headers only Host.
void set_headers(ngx_http_request_t* sr, const FetchOrder& order) {
    const ngx_http_headers_in_t client = sr->headers_in;
    // Made in its final place: a list points into itself.
    ngx_http_headers_in_t& own = sr->headers_in;
    own = {};
    own.server = client.server;
    own.content_length_n = static_cast<off_t>(order.body.size());
    own.keep_alive_n = -1;
    if (ngx_list_init(&own.headers, sr->pool, static_cast<ngx_uint_t>(order.headers.size() + 1),
                      sizeof(ngx_table_elt_t)) != NGX_OK) {
        throw std::bad_alloc();
    }
    if (client.host != nullptr) {
        // Without nginx's handler of Host, which would choose a server again.
        own.host = &add_header(sr, "Host", view(client.host->value));
    }
    for (const Header& header : order.headers) {
        register_header(sr, add_header(sr, header.name, header.value));
    }
}

/// Variables of its own, too: nginx shares the values among the subrequests of a request, whose
/// headers are the same otherwise.
void set_variables(ngx_http_request_t* sr) {
    const auto& core = *static_cast<ngx_http_core_main_conf_t*>(
        ngx_http_get_module_main_conf(sr, ngx_http_core_module));
    sr->variables = static_cast<ngx_http_variable_value_t*>(
        ngx_pcalloc(sr->pool, core.variables.nelts * sizeof(ngx_http_variable_value_t)));
    if (sr->variables == nullptr) {
        throw std::bad_alloc();
    }
}

void set_body(ngx_http_request_t* sr, std::string_view body, Memory& memory) {
    auto* buffer = make<ngx_buf_t>(memory);
    buffer->pos = buffer->start = str(body).data;
    buffer->last = buffer->end = buffer->pos + body.size();
    buffer->memory = 1;
    buffer->last_buf = 1;
    auto* link = make<ngx_chain_t>(memory);
    link->buf = buffer;
    sr->request_body = make<ngx_http_request_body_t>(memory);
    sr->request_body->bufs = link;
    sr->request_body->buf = buffer;
}

/// A background subrequest: the response to the client does not wait for its end.
constexpr ngx_uint_t kFlags = NGX_HTTP_SUBREQUEST_IN_MEMORY | NGX_HTTP_SUBREQUEST_BACKGROUND;

ngx_http_output_body_filter_pt next_body_filter;

}  // namespace

/// Waits for the subrequest's end, or the request's deadline.
struct Subrequests::End {
    Subrequests& own;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) const noexcept { own.wait(waiting); }
    void await_resume() const noexcept {}
};

Task<FetchAnswer> Subrequests::fetch(const FetchOrder& order, Services& services) {
    deadline_ = services.deadline();
    if (runs_on_ || deadline_ <= now() || !start(order, services.memory())) {
        co_return FetchAnswer{};
    }
    End end{*this};
    co_await end;
    const bool usable = ended_ && fits_ && whole_;
    co_return usable ? FetchAnswer{static_cast<int>(status_), view(body_)} : FetchAnswer{};
}

void Subrequests::wait(std::coroutine_handle<> waiting) noexcept {
    waiting_ = waiting;
    timer_.data = this;
    timer_.handler = on_deadline;
    timer_.log = r_->connection->log;
    set_timer(timer_, std::max(deadline_ - now(), redis::Milliseconds{0}));
}

/// nginx cannot cancel a subrequest: it runs on, and its response is ignored.
void Subrequests::on_deadline(ngx_event_t* event) noexcept {
    auto& own = *static_cast<Subrequests*>(event->data);
    own.runs_on_ = true;
    own.proceed();
}

void Subrequests::proceed() noexcept {
    if (const auto waiting = std::exchange(waiting_, nullptr)) {
        scheduler_.resume_later(waiting);
    }
    cancel();
}

void Subrequests::cancel() noexcept {
    waiting_ = nullptr;
    if (timer_.timer_set) {
        ngx_del_timer(&timer_);
    }
}

bool Subrequests::start(const FetchOrder& order, Memory& memory) {
    // What may fail comes before the subrequest starts, or leaves it harmless.
    auto* notice = make<ngx_http_post_subrequest_t>(memory);
    notice->handler = on_end;
    notice->data = this;
    ended_ = false;
    status_ = 0;
    body_ = {};
    capacity_ = 0;
    fits_ = true;
    whole_ = false;
    ngx_str_t uri = str(copy(order.uri, memory));
    ngx_str_t arguments{};
    ngx_uint_t flags = 0;
    if (ngx_http_parse_unsafe_uri(r_, &uri, &arguments, &flags) != NGX_OK ||
        ngx_http_subrequest(r_, &uri, &arguments, &subrequest_, notice, kFlags) != NGX_OK) {
        return false;
    }
    subrequest_->method = NGX_HTTP_POST;
    subrequest_->method_name = str("POST");
    set_variables(subrequest_);
    set_headers(subrequest_, order);
    set_body(subrequest_, order.body, memory);
    return true;
}

/// The subrequest is done: notes the result, and resumes the main request from the event loop.
/// Returns NGX_OK, so that no error_page of the location is used; but if the client has left, `rc`,
/// which ends the whole request.
ngx_int_t Subrequests::on_end(ngx_http_request_t* sr, void* data, ngx_int_t rc) noexcept {
    auto& own = *static_cast<Subrequests*>(data);
    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        own.status_ = static_cast<ngx_uint_t>(rc);
        own.whole_ = true;  // a status of nginx's own; its page is not made
    } else {
        own.status_ = rc == NGX_ERROR ? 0 : sr->headers_out.status;
    }
    if (sr->connection->error) {
        return rc;
    }
    own.ended_ = true;
    own.proceed();
    return NGX_OK;
}

void Subrequests::add_filter() noexcept {
    next_body_filter = ngx_http_top_body_filter;
    ngx_http_top_body_filter = on_body;
}

/// Keeps the response here. nginx would keep it in memory, too, but if it does not fit, nginx
/// treats the client's connection as broken and closes it without a line in the log.
ngx_int_t Subrequests::on_body(ngx_http_request_t* r, ngx_chain_t* in) noexcept {
    if (r->post_subrequest == nullptr || r->post_subrequest->handler != on_end) {
        return next_body_filter(r, in);
    }
    static_cast<Subrequests*>(r->post_subrequest->data)->keep(r, in);
    return NGX_OK;
}

void Subrequests::keep(ngx_http_request_t* sr, ngx_chain_t* in) noexcept {
    for (; in != nullptr; in = in->next) {
        ngx_buf_t& buffer = *in->buf;
        const bool has_bytes = ngx_buf_in_memory(&buffer) || buffer.in_file != 0;
        if (has_bytes && fits_ && !append(sr, buffer)) {
            fits_ = false;
            ngx_log_error(NGX_LOG_ERR, sr->connection->log, 0,
                          "mfa_reset: the answer of subrequest \"%V\" does not fit into "
                          "subrequest_output_buffer_size",
                          &sr->uri);
        }
        // If a response was cut short, nginx passes on what came, without these marks.
        whole_ = whole_ || buffer.last_buf || buffer.last_in_chain;
        buffer.pos = buffer.last;
        buffer.file_pos = buffer.file_last;
    }
}

bool Subrequests::append(ngx_http_request_t* sr, const ngx_buf_t& buffer) noexcept {
    const auto& location = *static_cast<ngx_http_core_loc_conf_t*>(
        ngx_http_get_module_loc_conf(sr, ngx_http_core_module));
    if (body_.data == nullptr) {
        capacity_ = location.subrequest_output_buffer_size;
        body_.data = static_cast<u_char*>(ngx_pnalloc(sr->pool, capacity_));
    }
    const auto size = static_cast<std::size_t>(ngx_buf_size(&buffer));
    if (body_.data == nullptr || size > capacity_ - body_.len ||
        !copy_buffer(buffer, body_.data + body_.len)) {
        return false;
    }
    body_.len += size;
    return true;
}

}  // namespace mfa_reset::nginx
