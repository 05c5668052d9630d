// A small API: `GET` answers whose session the token in a header is. It shows what an API consists
// of, and its test that an API more touches nothing else.
#pragma once

#include <string>
#include <utility>

#include "mfa_reset/api.hpp"
#include "whose/store.hpp"

namespace mfa_reset::whose {

/// What the operator configures for one location.
struct Settings {
    std::string header;  ///< mfa_reset_whose_header: where the token is
};

class WhoseApi final : public Api {
public:
    /// `store` outlives it. Throws std::bad_alloc.
    WhoseApi(Settings settings, Store& store) : settings_(std::move(settings)), store_(store) {}

    std::string_view name() const noexcept override { return "whose"; }
    Task<Response> serve(const Request& request, Services& services) const override;

private:
    Settings settings_;
    Store& store_;
};

}  // namespace mfa_reset::whose
