// Foundry's reset of all second factors of a user (contracts: foundry.md). See api.cpp for the
// order of checks.
#pragma once

#include <string_view>
#include <utility>

#include "foundry/settings.hpp"
#include "foundry/store.hpp"
#include "mfa_reset/api.hpp"

namespace mfa_reset::foundry {

class FoundryApi final : public Api {
public:
    FoundryApi(Settings settings, Store& store) : settings_(std::move(settings)), store_(store) {}

    std::string_view name() const noexcept override { return "foundry"; }
    Task<Response> serve(const Request& raw, Services& services) const override;

private:
    Settings settings_;
    Store& store_;
};

}  // namespace mfa_reset::foundry
