// One request to a whole API, its store's answer and its surroundings, as an input of a fuzzer
// spells them, and what came of it.
//
// An input is a list of fields, `word value`. Its first byte is what separates them: a newline in
// the seeds, so that they can be read, and anything else where a value shall hold a newline. What a
// field does not say is right: a scene of nothing but a token is a reset that is done.
//
//     method, path, query      as in a request line; the query without its `?`
//     header NAME: VALUE       as often as one likes
//     body                     takes all the rest of the input
//     store                    the verdict: done, nothing, no_record, unauthenticated, …
//     user, realm, id          the caller, as the store answers
//     set                      words for the surroundings: too_large, suspend, leave, and the API's
//     memory N                 there is memory for N pieces and no more
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "exchange.hpp"
#include "mfa_reset/records.hpp"
#include "text.hpp"

namespace mfa_reset::fuzz {

/// What the store says, whichever API asks; each takes of it what it can be told.
struct StoreSays {
    enum class Verdict : std::uint8_t {
        done,
        nothing,
        no_record,
        unauthenticated,
        forbidden,
        unknown,
        unavailable,
        uncertain,
        broken,
    };
    Verdict verdict = Verdict::done;
    std::string_view caller_user{};
    std::string_view caller_realm{};
    std::string_view caller_universal_id{};

    /// Of the last three verdicts.
    std::optional<Failure> failure() const;
};

/// Owns every byte of its request. All views live as long as the scene.
class Scene {
public:
    Scene(std::string_view input, std::string_view default_path, std::string_view default_query);

    const Request& request() const { return request_; }
    const StoreSays& answer() const { return answer_; }
    /// Whether the store takes a turn of the event loop to answer.
    bool suspends() const { return is_set("suspend") || is_set("leave"); }
    bool is_set(std::string_view word) const { return words_.count(std::string(word)) != 0; }
    /// Pieces of memory that there are; nothing: enough.
    std::optional<std::size_t> memory() const { return memory_; }

    /// The first header of that name, compared without case.
    std::optional<std::string> header(std::string_view name) const;
    bool has_header(std::string_view name) const { return header(name).has_value(); }

private:
    void read_field(std::string_view field);
    void read_header(std::string_view text);

    ExactCopies copies_;
    std::vector<Header> headers_;
    Request request_;
    StoreSays answer_;
    std::set<std::string> words_;
    std::optional<std::size_t> memory_;
};

/// Serves a scene's request by `api`, from its start to its end or to where the client leaves.
class SceneRun {
public:
    SceneRun(const Scene& scene, const Api& api);

    /// nullopt: there was no memory for one, or the client has left.
    const std::optional<Response>& response() const { return exchange_.driver.response(); }
    const Trace& trace() const { return exchange_.trace; }

private:
    test::Exchange exchange_;
};

}  // namespace mfa_reset::fuzz
