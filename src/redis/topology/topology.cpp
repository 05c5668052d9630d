#include "redis/topology/topology.hpp"

namespace mfa_reset::redis {

GreetingOptions record_greeting(const Settings& settings) {
    return {.credentials = settings.url.credentials,
            .database = settings.url.database,
            .must_be_master = settings.url.kind == Url::Kind::sentinel,
            .keeps_records = settings.keeps_records};
}

}  // namespace mfa_reset::redis
