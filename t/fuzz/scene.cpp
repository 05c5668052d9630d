// See scene.hpp.
#include "scene.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace mfa_reset::fuzz {

namespace {

using Verdict = StoreSays::Verdict;

struct NamedVerdict {
    std::string_view name;
    Verdict verdict;
};

constexpr std::array kVerdicts{
    NamedVerdict{"done", Verdict::done},
    NamedVerdict{"nothing", Verdict::nothing},
    NamedVerdict{"no_record", Verdict::no_record},
    NamedVerdict{"unauthenticated", Verdict::unauthenticated},
    NamedVerdict{"forbidden", Verdict::forbidden},
    NamedVerdict{"unknown", Verdict::unknown},
    NamedVerdict{"unavailable", Verdict::unavailable},
    NamedVerdict{"uncertain", Verdict::uncertain},
    NamedVerdict{"broken", Verdict::broken},
};

/// `word` and what follows the first blank.
std::pair<std::string_view, std::string_view> word_and_rest(std::string_view field) {
    const std::size_t blank = std::min(field.find(' '), field.size());
    return {field.substr(0, blank), field.substr(std::min(blank + 1, field.size()))};
}

}  // namespace

std::optional<Failure> StoreSays::failure() const {
    switch (verdict) {
        case Verdict::unavailable: return Failure{Failure::Kind::unavailable, test::kWhy};
        case Verdict::uncertain: return Failure{Failure::Kind::uncertain, test::kWhy};
        case Verdict::broken: return Failure{Failure::Kind::broken, test::kWhy};
        default: return std::nullopt;
    }
}

Scene::Scene(std::string_view input, std::string_view default_path,
             std::string_view default_query) {
    request_.method = "POST";
    request_.path = default_path;
    request_.query = default_query;
    request_.remote_address = "192.0.2.7";
    const char separator = input.empty() ? '\n' : input.front();
    std::string_view rest = input.substr(std::min<std::size_t>(1, input.size()));
    while (!rest.empty()) {
        if (rest.starts_with("body")) {
            request_.body = copies_.keep(word_and_rest(rest).second);
            break;
        }
        const std::size_t end = std::min(rest.find(separator), rest.size());
        read_field(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    request_.headers = headers_;
    if (is_set("too_large")) {
        request_.body = {};
        request_.body_state = Request::Body::too_large;
    }
}

void Scene::read_field(std::string_view field) {
    const auto [word, value] = word_and_rest(field);
    const std::array<std::pair<std::string_view, std::string_view*>, 6> texts{{
        {"method", &request_.method},
        {"path", &request_.path},
        {"query", &request_.query},
        {"user", &answer_.caller_user},
        {"realm", &answer_.caller_realm},
        {"id", &answer_.caller_universal_id},
    }};
    for (const auto& [name, text] : texts) {
        if (word == name) {
            *text = copies_.keep(value);
            return;
        }
    }
    if (word == "header") {
        read_header(value);
    } else if (word == "memory") {
        memory_ = std::strtoul(std::string(value.substr(0, 4)).c_str(), nullptr, 10);
    } else if (word == "set") {
        for (const std::string& each : split(value, ' ')) {
            words_.insert(each);
        }
    } else if (word == "store") {
        for (const auto& [name, verdict] : kVerdicts) {
            answer_.verdict = value == name ? verdict : answer_.verdict;
        }
    }
}

/// As nginx reads one: no blanks around the value.
void Scene::read_header(std::string_view text) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string value = trimmed(text.substr(std::min(colon + 1, text.size())));
    headers_.push_back({copies_.keep(text.substr(0, colon)), copies_.keep(value)});
}

std::optional<std::string> Scene::header(std::string_view name) const {
    const auto found = std::find_if(headers_.begin(), headers_.end(), [name](const Header& each) {
        return lower(each.name) == lower(name);
    });
    return found == headers_.end() ? std::nullopt : std::optional<std::string>(found->value);
}

SceneRun::SceneRun(const Scene& scene, const Api& api) {
    if (scene.memory()) {
        exchange_.memory.fail_after(*scene.memory());
    }
    Driver::State state = exchange_.start(api, scene.request());
    while (state == Driver::State::suspended && !scene.is_set("leave")) {
        const std::coroutine_handle<> waiting = exchange_.scheduler.take();
        require(static_cast<bool>(waiting), "a coroutine that waits is woken");
        state = exchange_.driver.resume(waiting);
    }
    exchange_.driver.cancel();
}

}  // namespace mfa_reset::fuzz
