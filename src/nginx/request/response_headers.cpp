#include "nginx/request/response_headers.hpp"

#include <algorithm>

#include "format/ascii.hpp"

namespace mfa_reset::nginx {

namespace {

using Fields = ngx_http_headers_out_t;

/// Headers that may be there once.
struct Field {
    std::string_view name;
    ngx_table_elt_t* Fields::*place;
};
constexpr Field kFields[] = {
    {"Accept-Ranges", &Fields::accept_ranges},
    {"Content-Encoding", &Fields::content_encoding},
    {"Content-Range", &Fields::content_range},
    {"Date", &Fields::date},
    {"ETag", &Fields::etag},
    {"Expires", &Fields::expires},
    {"Last-Modified", &Fields::last_modified},
    {"Location", &Fields::location},
    {"Refresh", &Fields::refresh},
    {"Server", &Fields::server},
    {"WWW-Authenticate", &Fields::www_authenticate},
};

/// Headers that may be repeated.
struct Lines {
    std::string_view name;
    compat::HeaderLines Fields::*place;
};
constexpr Lines kLines[] = {
    {"Cache-Control", &Fields::cache_control},
    {"Link", &Fields::link},
};

/// False: no memory.
bool register_header(ngx_http_request_t* r, std::string_view name,
                     ngx_table_elt_t& header) noexcept {
    for (const Field& field : kFields) {
        if (format::equal_ignoring_case(name, field.name)) {
            r->headers_out.*field.place = &header;
            return true;
        }
    }
    for (const Lines& lines : kLines) {
        if (format::equal_ignoring_case(name, lines.name)) {
            return compat::add_line(r->headers_out.*lines.place, header, r->pool);
        }
    }
    return true;
}

/// False: no memory.
bool add_header(ngx_http_request_t* r, const Header& header) noexcept {
    auto* element = static_cast<ngx_table_elt_t*>(ngx_list_push(&r->headers_out.headers));
    if (element == nullptr) {
        return false;
    }
    *element = {};
    element->hash = 1;  // nginx sends headers whose hash is not 0
    element->key = str(header.name);
    element->value = str(header.value);
    return register_header(r, header.name, *element);
}

}  // namespace

void set_content_type(ngx_http_request_t* r, std::string_view type) noexcept {
    constexpr std::string_view kCharset = "charset=";
    Fields& out = r->headers_out;
    out.content_type = str(type);
    out.content_type_len = std::min(type.find(';'), type.size());
    out.content_type_lowcase = nullptr;
    const std::size_t found = type.find(kCharset);
    out.charset =
        found == std::string_view::npos ? ngx_str_t{} : str(type.substr(found + kCharset.size()));
}

bool add_headers(ngx_http_request_t* r, std::span<const Header> headers) noexcept {
    return std::ranges::all_of(headers,
                               [r](const Header& header) { return add_header(r, header); });
}

}  // namespace mfa_reset::nginx
