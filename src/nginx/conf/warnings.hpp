// What `nginx -t` warns of, and starts all the same: directives that cannot do what they say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nginx/conf/conf_place.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

/// Logs a warning with the place of the directive that it is about.
void warn(ngx_log_t* log, const ConfPlace& place, std::string_view sentence) noexcept;

/// What the locations say about their directives. A directive of http is inherited by locations
/// that have no use for it, so it is judged in each, and warned of once, after the last.
class Warnings {
public:
    /// In one location the directive at `place` is of use (`good`), or `sentence` says why it is
    /// not.
    void judge(bool good, const ConfPlace& place, std::string_view sentence);

    /// Warns of the directives that were good in no location, each once.
    void print(ngx_log_t* log) const noexcept;

private:
    struct Judgement {
        ConfPlace place;
        std::string sentence;
        bool good;
    };
    std::vector<Judgement> judgements_;
};

}  // namespace mfa_reset::nginx
