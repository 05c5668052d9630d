// What the AM API may do and answer (contracts: am.md), judged from the request by the models of
// its grammars and not by the library's own reading of it.
#pragma once

#include <span>

#include "am/api.hpp"
#include "am_grammar.hpp"
#include "scene.hpp"

namespace mfa_reset::fuzz {

/// A request as the models read it.
class AmModel {
public:
    AmModel(const Scene& scene, const am::Settings& settings);

    /// Everything about the request is as it must be for a reset. Who may, only the store knows.
    bool may_act() const { return complaint_ == nullptr; }
    /// The first thing that was found to be wrong; null: nothing.
    const char* complaint() const { return complaint_; }

    const std::string& token() const { return token_; }
    const PathModel& path() const { return path_; }
    const RealmModel& realm() const { return realm_; }
    /// The user to be reset; nothing where the name has a universal id's escapes, which the models
    /// do not know.
    const std::optional<std::string>& user() const { return user_; }

private:
    void expect(bool holds, const char* complaint);
    void read_token(const Scene& scene, const am::Settings& settings);
    void read_target(const am::Settings& settings);
    void expect_method(const Scene& scene);
    void expect_headers(const Scene& scene);
    void expect_versions(const Scene& scene, const am::Settings& settings);
    void expect_parameters();
    void expect_body(const Scene& scene);

    const char* complaint_ = nullptr;
    PathModel path_;
    std::optional<QueryModel> query_;
    RealmModel realm_;
    std::optional<std::string> user_;
    std::string token_;
    bool token_in_cookie_ = false;
};

/// Judges a run that has ended; `orders` are those that it gave to the store.
void judge_am(const Scene& scene, const am::Settings& settings, const AmModel& model,
              const SceneRun& run, std::span<const am::Order> orders);

}  // namespace mfa_reset::fuzz
