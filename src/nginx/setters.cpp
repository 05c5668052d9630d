// See setters.hpp.
#include "nginx/setters.hpp"

#include <span>

namespace mfa_reset::nginx {

namespace {

const ngx_str_t& value(const ngx_conf_t* cf) noexcept {
    return static_cast<const ngx_str_t*>(cf->args->elts)[1];
}

template <class Field>
Field& field(const ngx_command_t* cmd, void* conf) noexcept {
    return *reinterpret_cast<Field*>(static_cast<char*>(conf) + cmd->offset);
}

char* duplicate() noexcept {
    static char text[] = "is duplicate";
    return text;
}

/// Says `format` with the directive's name and the `refused` value before it and the file and line
/// behind it.
template <class... Args>
char* refuse_value(ngx_conf_t* cf, const ngx_command_t* cmd, const ngx_str_t& refused,
                   const char* format, Args... args) noexcept {
    u_char sentence[NGX_MAX_CONF_ERRSTR];
    const u_char* end = ngx_snprintf(sentence, sizeof(sentence), format, args...);
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" has an invalid value \"%V\": %*s", &cmd->name,
                       &refused, static_cast<std::size_t>(end - sentence), sentence);
    return static_cast<char*>(NGX_CONF_ERROR);
}

template <class... Args>
char* refuse(ngx_conf_t* cf, const ngx_command_t* cmd, const char* format, Args... args) noexcept {
    return refuse_value(cf, cmd, value(cf), format, args...);
}

}  // namespace

char* set_number(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    const auto& range = *static_cast<const NumberRange*>(cmd->post);
    auto& number = field<ngx_int_t>(cmd, conf);
    if (number != NGX_CONF_UNSET) {
        return duplicate();
    }
    number = ngx_atoi(value(cf).data, value(cf).len);
    if (number < range.least || number > range.most) {
        return refuse(cf, cmd, "write a number from %i to %i", range.least, range.most);
    }
    return NGX_CONF_OK;
}

char* set_time(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    const auto& range = *static_cast<const TimeRange*>(cmd->post);
    auto& time = field<ngx_msec_t>(cmd, conf);
    if (time != NGX_CONF_UNSET_MSEC) {
        return duplicate();
    }
    ngx_str_t text = value(cf);
    const ngx_int_t parsed = ngx_parse_time(&text, 0);
    time = static_cast<ngx_msec_t>(parsed);
    if (parsed == NGX_ERROR || time < range.least || time > range.most) {
        return refuse(cf, cmd, "write a time from %Mms to %Mms, such as 250ms or 1s", range.least,
                      range.most);
    }
    return NGX_CONF_OK;
}

char* set_choice(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    const auto& choices = *static_cast<const Choices*>(cmd->post);
    auto& chosen = field<ngx_uint_t>(cmd, conf);
    if (chosen != NGX_CONF_UNSET_UINT) {
        return duplicate();
    }
    for (const ngx_conf_enum_t* choice = choices.values; choice->name.len != 0; ++choice) {
        if (view(choice->name) == view(value(cf))) {
            chosen = choice->value;
            return NGX_CONF_OK;
        }
    }
    return refuse(cf, cmd, "%s", choices.sentence);
}

char* set_text(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    const auto& check = *static_cast<const TextCheck*>(cmd->post);
    auto& text = field<ngx_str_t>(cmd, conf);
    if (text.data != nullptr) {
        return duplicate();
    }
    text = value(cf);
    if (const char* sentence = check.refusal(text); sentence != nullptr) {
        return refuse(cf, cmd, "%s", sentence);
    }
    return NGX_CONF_OK;
}

char* set_texts(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) noexcept {
    const auto& check = *static_cast<const TextCheck*>(cmd->post);
    auto& texts = field<ngx_array_t*>(cmd, conf);
    if (texts != nullptr) {
        return duplicate();
    }
    const std::span words{static_cast<const ngx_str_t*>(cf->args->elts), cf->args->nelts};
    texts = ngx_array_create(cf->pool, words.size(), sizeof(ngx_str_t));
    if (texts == nullptr) {
        return static_cast<char*>(NGX_CONF_ERROR);
    }
    for (const ngx_str_t& word : words.subspan(1)) {
        if (const char* sentence = check.refusal(word); sentence != nullptr) {
            return refuse_value(cf, cmd, word, "%s", sentence);
        }
        *static_cast<ngx_str_t*>(ngx_array_push(texts)) = word;  // there is room for it
    }
    return NGX_CONF_OK;
}

ngx_str_t value_of(const ngx_str_t& parameter, std::string_view name) noexcept {
    const std::string_view text = view(parameter);
    return text.starts_with(name) ? str(text.substr(name.size())) : ngx_str_t{};
}

}  // namespace mfa_reset::nginx
