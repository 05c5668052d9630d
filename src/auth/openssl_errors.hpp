// OpenSSL's error queue belongs to the thread, and nginx logs what it finds there as its own
// errors.
#pragma once

#include <openssl/err.h>

namespace mfa_reset::auth {

/// Removes the errors that are queued during its life; keeps the earlier ones.
class OpenSslErrors {
public:
    OpenSslErrors() noexcept { ERR_set_mark(); }
    OpenSslErrors(const OpenSslErrors&) = delete;
    OpenSslErrors& operator=(const OpenSslErrors&) = delete;
    ~OpenSslErrors() { ERR_pop_to_mark(); }
};

}  // namespace mfa_reset::auth
