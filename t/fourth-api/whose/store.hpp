// What this API asks of the records: whose a session is.
#pragma once

#include <optional>
#include <string_view>

#include "mfa_reset/api.hpp"
#include "mfa_reset/records.hpp"

namespace mfa_reset::whose {

/// Whose a session is. The views live as long as the request.
struct Owner {
    std::string_view user;
    std::string_view realm;
};

struct OwnerAnswer {
    std::optional<Failure> failure{};  ///< then there is no owner
    std::optional<Owner> owner{};      ///< nullopt: there is no such session
};

class Store {
public:
    /// `records` outlives it.
    explicit Store(Records& records) noexcept : records_(records) {}

    /// Finds the owner of the session of `token`, which must live until it has ended. Throws
    /// nothing but std::bad_alloc.
    Task<OwnerAnswer> find_owner(std::string_view token, Services& services);

private:
    Records& records_;
};

}  // namespace mfa_reset::whose
