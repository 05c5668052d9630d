// The grammars of an AM request once more, written to be plain and not fast (contracts: am.md,
// "Path", "Method and parameters", "Accept-API-Version", "SSO token"). What the library reads must
// be what these read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "am/path.hpp"
#include "text.hpp"

namespace mfa_reset::fuzz {

/// Accept-API-Version: each version as `1.0`, or empty where the header does not say it.
struct VersionsModel {
    std::string protocol;
    std::string resource;
};
std::optional<VersionsModel> model_versions(std::string_view header);

struct RealmModel {
    std::string path;  ///< `/alpha/eu`
    bool possible = true;
};
/// The value of the parameter `realm`.
RealmModel model_realm(std::string_view value);

struct ResetPath {
    RealmModel realm;
    std::string user;
    am::Factor factor;
};
struct PathModel {
    am::Path::Fault fault = am::Path::Fault::none;
    bool realms_form = false;
    std::optional<ResetPath> reset;  ///< nothing: no reset can have this path
};
PathModel model_path(std::string_view raw);

/// The query's parameters, decoded, with all of their values; nothing
/// where it is badly encoded.
class QueryModel {
public:
    static std::optional<QueryModel> read(std::string_view query);

    /// The values of a parameter whose name has no case.
    std::vector<std::string> any_case(std::string_view name) const;
    /// The values of one whose name has.
    std::vector<std::string> exactly(std::string_view name) const;

private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

/// The value of the first cookie of that name.
std::optional<std::string> model_cookie(std::string_view header, std::string_view name);

/// Whether it has a token's form.
bool model_token(std::string_view text);

struct UserModel {
    std::string user;
    std::string realm;
};
/// A universal id without escapes; nothing for any other name.
std::optional<UserModel> model_universal_id(std::string_view name);

}  // namespace mfa_reset::fuzz
