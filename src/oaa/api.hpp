// OAA's reset of a challenge counter (contracts: oaa.md). See api.cpp for the order of checks.
#pragma once

#include <string_view>
#include <utility>

#include "mfa_reset/api.hpp"
#include "oaa/settings.hpp"
#include "oaa/store.hpp"

namespace mfa_reset::oaa {

class OaaApi final : public Api {
public:
    OaaApi(Settings settings, Store& store) : settings_(std::move(settings)), store_(store) {}

    std::string_view name() const noexcept override { return "oaa"; }
    Task<Response> serve(const Request& raw, Services& services) const override;

private:
    Settings settings_;
    Store& store_;
};

}  // namespace mfa_reset::oaa
