// AM's reset of a registered device (contracts: am.md). See api.cpp for the order of checks.
#pragma once

#include <string_view>
#include <vector>

#include "am/settings.hpp"
#include "am/store.hpp"
#include "mfa_reset/api.hpp"

namespace mfa_reset::am {

class AmApi final : public Api {
public:
    AmApi(Settings settings, Store& store);

    std::string_view name() const noexcept override { return "am"; }
    /// Whether `raw` is one of the calls that mfa_reset_am_devices makes this API's, by its method,
    /// overridden or not, path and query alone; or what a guard must refuse (guard.hpp).
    bool claims(const Request& raw, Memory& memory) const override;
    Task<Response> serve(const Request& raw, Services& services) const override;

private:
    Settings settings_;
    std::vector<Administrator> administrators_;  // views into settings_
    Store& store_;
};

}  // namespace mfa_reset::am
