#include "nginx/conf/directive.hpp"

namespace mfa_reset::nginx {

namespace {

bool refuse_word(ngx_conf_t* cf, std::string_view name, const char* what, const ngx_str_t& word,
                 std::string_view sentence) noexcept {
    const ngx_str_t directive = str(name);
    const ngx_str_t reason = str(sentence);
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" has an invalid %s \"%V\": %V", &directive,
                       what, &word, &reason);
    return false;
}

}  // namespace

bool Written::refuse(const ngx_str_t& word, std::string_view sentence) const noexcept {
    return refuse_word(cf_, name_, "value", word, sentence);
}

bool Written::refuse_parameter(const ngx_str_t& word, std::string_view sentence) const noexcept {
    return refuse_word(cf_, name_, "parameter", word, sentence);
}

std::vector<ngx_str_t> words_of(std::string_view standard) {
    std::vector<ngx_str_t> words;
    for (std::size_t at = 0; at <= standard.size();) {
        const std::size_t end = std::min(standard.find(' ', at), standard.size());
        words.push_back(str(standard.substr(at, end - at)));
        at = end + 1;
    }
    return words;
}

}  // namespace mfa_reset::nginx
