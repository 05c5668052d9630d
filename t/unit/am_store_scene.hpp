// AM's store on a real redis-server.
#pragma once

#include <string>

#include "am/store.hpp"
#include "records_asking.hpp"
#include "records_scene.hpp"

namespace mfa_reset::test {

using am::Act;
using am::Administrator;
using am::Decision;
using am::Factor;
using am::Order;

/// What came of an order, as text that outlives the request.
struct ResetResult {
    std::string verdict;  ///< or the kind of the failure
    std::string caller_user;
    std::string caller_realm;
    std::string caller_universal_id;
    std::string why;
    std::string request;  ///< the id in the trace
    bool store_asked = false;
    std::uint64_t store_time = 0;
};

/// One request that gives one order to the store.
class Ordering {
public:
    Ordering(RedisLoop& loop, am::Store& store, const Order& order,
             redis::Milliseconds deadline = redis::Milliseconds::max());

    bool ended() const { return asking_.ended(); }
    ResetResult result();

private:
    Order order_;
    Asking<Decision> asking_;
};

class AmStoreScene : public RecordsScene {
protected:
    ResetResult reset(const Order& order);
    /// The order that most tests vary: the caller's own OATH device in /alpha.
    static Order own_reset() {
        Order order;
        order.api = "am";
        order.token = kToken;
        order.target = {"/alpha", "demo"};
        order.remote_address = "192.0.2.7";
        return order;
    }

    am::RecordStore store{records};
};

}  // namespace mfa_reset::test
