// OpenSSL's queue of errors is the thread's, and nginx takes what it finds there for its own.
#pragma once

#include <openssl/err.h>

namespace mfa_reset::auth {

/// Takes back the errors that are queued during its life, and leaves those from before.
class OpenSslErrors {
public:
    OpenSslErrors() noexcept { ERR_set_mark(); }
    OpenSslErrors(const OpenSslErrors&) = delete;
    OpenSslErrors& operator=(const OpenSslErrors&) = delete;
    ~OpenSslErrors() { ERR_pop_to_mark(); }
};

}  // namespace mfa_reset::auth
