#include "foundry/request.hpp"

namespace mfa_reset::foundry {

ParsedRequest parse_request(const Request& raw, const Settings& settings, Memory& memory) {
    const Headers headers(raw.headers);
    return {raw, settings, memory, headers, find_route(raw, headers, memory)};
}

}  // namespace mfa_reset::foundry
