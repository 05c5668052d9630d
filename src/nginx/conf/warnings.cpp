#include "nginx/conf/warnings.hpp"

#include <algorithm>

namespace mfa_reset::nginx {

void warn(ngx_log_t* log, const ConfPlace& place, std::string_view sentence) noexcept {
    ngx_str_t file = place.file;
    ngx_str_t text = str(sentence);
    ngx_log_error(NGX_LOG_WARN, log, 0, "mfa_reset: %V in %V:%ui", &text, &file, place.line);
}

void Warnings::judge(bool good, const ConfPlace& place, std::string_view sentence) {
    const auto same = [&](const Judgement& other) {
        return other.place.line == place.line && view(other.place.file) == view(place.file) &&
               other.sentence == sentence;
    };
    const auto found = std::ranges::find_if(judgements_, same);
    if (found == judgements_.end()) {
        judgements_.push_back({place, std::string{sentence}, good});
    } else {
        found->good = found->good || good;
    }
}

void Warnings::print(ngx_log_t* log) const noexcept {
    for (const Judgement& judgement : judgements_) {
        if (!judgement.good) {
            warn(log, judgement.place, judgement.sentence);
        }
    }
}

}  // namespace mfa_reset::nginx
