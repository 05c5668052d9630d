#include "am/acts.hpp"

#include <algorithm>

#include "am/decision.hpp"
#include "am/devices/bodies.hpp"
#include "am/devices/devices.hpp"
#include "am/devices/help_desk.hpp"
#include "am/devices/shown_device.hpp"
#include "format/text.hpp"

namespace mfa_reset::am {

namespace {

using Verdict = Decision::Verdict;

/// How often an edit is tried again because the list has changed meanwhile. Each time another
/// request has succeeded.
constexpr int kAttempts = 64;

constexpr Failure kKeepsChanging{Failure::Kind::unavailable,
                                 "the list of devices changed at each attempt to edit it"};

Task<Decision> decide(const Order& order, Store& store, Services& services) {
    auto acting = store.act(order, services);
    const Decision decision = co_await acting;
    describe_caller({decision.caller_user, decision.caller_realm, decision.caller_universal_id},
                    services.trace(), services.memory());
    co_return decision;
}

ItemManner item_manner(const ParsedRequest& request) noexcept {
    return {.fields = request.query->fields,
            .identified = request.protocol().major >= 2,
            .pretty = request.manner.pretty};
}

/// The list that was read. One that cannot be read has no devices, and the log says so.
Devices devices_of(const ParsedRequest& request, const Decision& decision, Trace& trace) {
    Devices devices = read_devices(decision.text, request.memory);
    if (decision.has_text && !devices.is_array) {
        trace.reason = format::concat(request.memory, devices_field(request.path.factor),
                                      " of the record is no JSON array");
    }
    return devices;
}

Response list_devices(const ParsedRequest& request, const Decision& decision, Trace& trace) {
    constexpr std::size_t kEnvelope = 256;
    constexpr std::size_t kRoom = 320;  // of an item, as most are
    const Devices devices = devices_of(request, decision, trace);
    ItemList list(item_manner(request), kEnvelope + kRoom * devices.listed.size(), request.memory);
    for (const Device& device : devices.listed) {
        list.add(ShownDevice(devices.stored, device, request.path.factor).item());
    }
    const bool empty = list.empty();
    return respond_list(list.end(), empty, request.protocol(), request.manner, request.memory);
}

/// One device alone, as a list shows it.
Response show_device(const ParsedRequest& request, const ShownDevice& shown) {
    const Item item = shown.item();
    return respond_item(write_item(item, item_manner(request), request.memory), item.revision,
                        request.manner, request.memory);
}

Response read_device(const ParsedRequest& request, const Decision& decision, Trace& trace) {
    const Devices devices = devices_of(request, decision, trace);
    const Device* const device = find_by_id(devices, request.path.device, request.memory);
    return device == nullptr
               ? refused(refuse_unknown_device(request), request, trace)
               : show_device(request, ShownDevice(devices.stored, *device, request.path.factor));
}

/// What the store reads for an action, and what is answered.
Response answer(const ParsedRequest& request, const Decision& decision, Trace& trace) {
    trace.result = decision.verdict == Verdict::done ? Result::ok : Result::none;
    switch (request.action) {
        case Action::skip: return respond_empty(request.manner);
        case Action::check: return respond_result(decision.text == "1", request.manner);
        case Action::query: return list_devices(request, decision, trace);
        case Action::read: return read_device(request, decision, trace);
        case Action::overview:
            return respond_list(write_overview(decision.text, item_manner(request), request.memory),
                                decision.text.empty(), request.protocol(), request.manner,
                                request.memory);
        case Action::events:
            return respond_list(write_events(decision.text, item_manner(request), request.memory),
                                decision.text.empty(), request.protocol(), request.manner,
                                request.memory);
        default: return respond_result(true, request.manner);
    }
}

/// The edit that the request asks for, of the device in the list that was read.
DeviceEdit edit_of(const ParsedRequest& request, const Devices& devices, const Device& device) {
    if (request.action == Action::remove) {
        return {true, devices.stored, make_removal(devices, device), {}};
    }
    const std::string_view name = *read_device_name(request.raw.body, request.memory);
    return {false, devices.stored, make_renaming(device, name, request.memory), name};
}

/// The device as the answer shows it: removed, or with its new name.
Response show_edited(const ParsedRequest& request, const DeviceEdit& edit, const Device& device) {
    if (edit.is_removal) {
        return show_device(request, ShownDevice(edit.stored, device, request.path.factor));
    }
    const auto& [range, between, empties] = edit.edit;
    const std::string_view edited =
        format::concat(request.memory,
                       edit.stored.substr(device.profile.begin, range.begin - device.profile.begin),
                       between, edit.stored.substr(range.end, device.profile.end - range.end));
    const std::string_view list = format::concat(request.memory, "[", edited, "]");
    const Devices devices = read_devices(list, request.memory);
    return show_device(request,
                       ShownDevice(devices.stored, devices.listed.at(0), request.path.factor));
}

/// `read`: what the store said when the list was read. Each further attempt begins with what the
/// edit found in its place.
Task<Response> edit_device(const ParsedRequest& request, Order& order, Decision read, Store& store,
                           Services& services) {
    Trace& trace = services.trace();
    order.act = Act::edit;
    order.device = request.path.device;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        const Devices devices = devices_of(request, read, trace);
        const Device* const device = find_by_uuid(devices, request.path.device);
        if (device == nullptr) {
            co_return refused(refuse_unknown_device(request), request, trace);
        }
        order.edit = edit_of(request, devices, *device);
        auto editing = decide(order, store, services);
        const Decision decision = co_await editing;
        if (const auto refusal = check_decision(request, order, decision)) {
            co_return refused(*refusal, request, trace);
        }
        if (decision.verdict == Verdict::done) {
            trace.result = Result::ok;
            co_return show_edited(request, order.edit, *device);
        }
        read = decision;
    }
    co_return refused(refuse_failure(kKeepsChanging, request, false), request, trace);
}

/// What the store does first for an action that is done here.
Act first_act(Action action) noexcept {
    switch (action) {
        case Action::reset: return Act::reset;
        case Action::skip: return Act::skip;
        case Action::check:
        case Action::query:
        case Action::read:
        case Action::remove:
        case Action::rename: return Act::read;
        case Action::overview: return Act::overview;
        case Action::events: return Act::events;
        case Action::none:
        case Action::session_info: break;
    }
    return Act::decide;
}

/// Of what forbids the act, but is told only to callers who may act, the store is asked all the
/// same, with nothing to do.
void set_act(const ParsedRequest& request, Order& order) {
    constexpr std::size_t kMostEvents = 100;
    if (!request.target.in_realm || check_act(request)) {
        order.act = Act::decide;
        return;
    }
    if (request.settings.profiles == Profiles::am) {
        order.act = Act::forward;
        order.device = request.path.device;
        return;
    }
    order.act = first_act(request.action);
    order.field = request.action == Action::check ? skip_field(request.path.factor)
                                                  : devices_field(request.path.factor);
    if (request.action == Action::skip) {
        order.setting = *read_skip(request.raw.body, request.memory) ? "1" : "2";
    }
    if (request.action == Action::events) {
        const std::size_t asked = request.query->page_size;
        order.most = asked == 0 ? kMostEvents : std::min(asked, kMostEvents);
    }
}

}  // namespace

Task<Response> perform(const ParsedRequest& request, Order& order, Store& store,
                       Services& services) {
    Trace& trace = services.trace();
    set_act(request, order);
    auto deciding = decide(order, store, services);
    const Decision decision = co_await deciding;
    if (const auto refusal = check_decision(request, order, decision)) {
        co_return refused(*refusal, request, trace);
    }
    if (order.act == Act::forward) {
        trace.result = Result::forwarded;
        co_return hand_on();
    }
    if (request.action == Action::remove || request.action == Action::rename) {
        auto editing = edit_device(request, order, decision, store, services);
        co_return co_await editing;
    }
    co_return answer(request, decision, trace);
}

}  // namespace mfa_reset::am
