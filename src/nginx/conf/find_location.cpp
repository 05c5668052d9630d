#include "nginx/conf/find_location.hpp"

#include <algorithm>

namespace mfa_reset::nginx {

namespace {

const ngx_http_core_loc_conf_t* core_of(void** loc_conf) noexcept {
    return static_cast<const ngx_http_core_loc_conf_t*>(loc_conf[ngx_http_core_module.ctx_index]);
}

/// `last`: nginx looks for no other one then.
struct Found {
    const ngx_http_core_loc_conf_t* location = nullptr;
    bool last = false;
};

/// In nginx's tree of the locations with a prefix and of the exact ones: the longest.
Found find_static(const ngx_http_location_tree_node_t* node, std::string_view uri) noexcept {
    Found found;
    while (node != nullptr) {
        const std::string_view name{reinterpret_cast<const char*>(node->name), node->len};
        const std::size_t common = std::min(name.size(), uri.size());
        const int order = uri.substr(0, common).compare(name.substr(0, common));
        if (order != 0) {
            node = order < 0 ? node->left : node->right;
        } else if (uri.size() < name.size()) {
            node = node->left;
        } else if (uri.size() > name.size() && node->inclusive == nullptr) {
            node = node->right;
        } else if (uri.size() > name.size()) {
            found.location = core_of(node->inclusive->loc_conf);
            uri.remove_prefix(name.size());
            node = node->tree;
        } else if (node->exact != nullptr) {
            return {core_of(node->exact->loc_conf), true};
        } else {
            return {core_of(node->inclusive->loc_conf), false};
        }
    }
    return found;
}

/// Among the regular expressions, in their order.
const ngx_http_core_loc_conf_t* find_regex(const ngx_http_core_loc_conf_t& outer,
                                           std::string_view uri) noexcept {
#if (NGX_PCRE)
    ngx_str_t text = str(uri);
    for (auto** each = outer.regex_locations; each != nullptr && *each != nullptr; ++each) {
        if (ngx_regex_exec((*each)->regex->regex, &text, nullptr, 0) >= 0) {
            return core_of((*each)->loc_conf);
        }
    }
#endif
    return nullptr;
}

/// Among the locations of `outer`, and those nested in them.
Found find_below(const ngx_http_core_loc_conf_t& outer, std::string_view uri) noexcept {
    Found found = find_static(outer.static_locations, uri);
    const bool looks_on = !found.last && (found.location == nullptr || !found.location->noregex);
    if (!found.last && found.location != nullptr) {
        const Found nested = find_below(*found.location, uri);
        found = nested.location != nullptr ? nested : found;
    }
    const auto* const matching = looks_on && !found.last ? find_regex(outer, uri) : nullptr;
    if (matching == nullptr) {
        return found;
    }
    const Found nested = find_below(*matching, uri);
    return {nested.location != nullptr ? nested.location : matching, true};
}

}  // namespace

const ngx_http_core_loc_conf_t* find_location(const ngx_http_core_srv_conf_t& server,
                                              std::string_view uri) noexcept {
    return find_below(*core_of(server.ctx->loc_conf), uri).location;
}

}  // namespace mfa_reset::nginx
