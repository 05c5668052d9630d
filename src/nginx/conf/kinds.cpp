#include "nginx/conf/kinds.hpp"

#include "format/ascii.hpp"

namespace mfa_reset::nginx {

namespace {

template <class... Args>
bool refuse_formatted(const Written& written, const char* format, Args... args) noexcept {
    char sentence[NGX_MAX_CONF_ERRSTR];
    auto* const begin = reinterpret_cast<u_char*>(sentence);
    const u_char* const end = ngx_snprintf(begin, sizeof(sentence), format, args...);
    return written.refuse(written.value(), {sentence, static_cast<std::size_t>(end - begin)});
}

/// False: refused.
bool check_text(const Written& written, const ngx_str_t& text, TextCheck refusal) noexcept {
    const char* const sentence = refusal(view(text));
    return sentence == nullptr || written.refuse(text, sentence);
}

}  // namespace

ngx_str_t value_of(const ngx_str_t& parameter, std::string_view name) noexcept {
    const std::string_view text = view(parameter);
    return text.starts_with(name) ? str(text.substr(name.size())) : ngx_str_t{};
}

ngx_int_t parse_time(ngx_str_t text) noexcept { return ngx_parse_time(&text, 0); }

const char* seconds_hint(const ngx_str_t& text, ngx_int_t most) noexcept {
    const ngx_int_t number = ngx_atoi(text.data, text.len);
    const bool is_too_long = number != NGX_ERROR && number > most / 1000;
    return is_too_long ? "a number alone is in seconds: " : "";
}

bool Flag::read(const Written& written, bool& flag) const noexcept {
    const std::string_view word = view(written.value());
    flag = format::equal_ignoring_case(word, "on");
    if (flag || format::equal_ignoring_case(word, "off")) {
        return true;
    }
    const ngx_str_t name = str(written.name());
    ngx_conf_log_error(NGX_LOG_EMERG, written.cf(), 0,
                       "invalid value \"%V\" in \"%V\" directive, it must be \"on\" or \"off\"",
                       &written.value(), &name);
    return false;
}

bool Number::read(const Written& written, std::size_t& number) const noexcept {
    const ngx_int_t parsed = ngx_atoi(written.value().data, written.value().len);
    number = static_cast<std::size_t>(parsed);
    return (parsed >= least && parsed <= most) ||
           refuse_formatted(written, "write a number from %i to %i", least, most);
}

bool Time::read(const Written& written, ngx_msec_t& time) const noexcept {
    if (may_be_off && view(written.value()) == "off") {
        time = 0;
        return true;
    }
    const ngx_int_t parsed = parse_time(written.value());
    time = static_cast<ngx_msec_t>(parsed);
    return (parsed != NGX_ERROR && parsed >= least && parsed <= most) ||
           refuse_formatted(written, "%swrite %sa time from %ims to %ims, such as 250ms or 1s",
                            seconds_hint(written.value(), most), may_be_off ? "off, or " : "",
                            least, most);
}

bool Time::read(const Written& written, std::chrono::milliseconds& time) const noexcept {
    ngx_msec_t milliseconds = 0;
    const bool good = read(written, milliseconds);
    time = std::chrono::milliseconds{milliseconds};
    return good;
}

bool Text::read(const Written& written, std::string& text) const {
    text = view(written.value());
    return check_text(written, written.value(), refusal);
}

bool Text::read(const Written& written, ngx_str_t& text) const noexcept {
    text = written.value();
    return check_text(written, text, refusal);
}

bool Texts::read(const Written& written, std::vector<std::string>& texts) const {
    texts.clear();
    for (const ngx_str_t& word : written.words()) {
        if (!check_text(written, word, refusal)) {
            return false;
        }
        texts.emplace_back(view(word));
    }
    return true;
}

const char* refuse_empty_name(std::string_view text) noexcept {
    return text.empty() ? "write a name" : nullptr;
}

const char* refuse_empty_file(std::string_view text) noexcept {
    return text.empty() ? "write the name of a file" : nullptr;
}

}  // namespace mfa_reset::nginx
