// Foundry's settings of a location without directives of its own.
#pragma once

#include "foundry/api.hpp"

namespace mfa_reset::test {

inline foundry::Settings foundry_settings() {
    foundry::Settings settings;
    settings.realm = "/foundry";
    settings.organisation = "organisationId";
    settings.xml_namespace =
        "http://schemas.datacontract.org/2004/07/"
        "Infrastructure.Api.Interfaces.ServiceOperations.UserAccounts";
    return settings;
}

}  // namespace mfa_reset::test
