// See am_rules.hpp.
#include "am_rules.hpp"

#include <set>

#include "format/json_syntax.hpp"
#include "json_model.hpp"
#include "response_rules.hpp"

namespace mfa_reset::fuzz {

namespace {

using am::Act;
using am::Order;
using Orders = std::span<const Order>;
using Verdict = StoreSays::Verdict;

constexpr int kBodyDepth = 64;

bool same_name(std::string_view left, std::string_view right, SubjectCase subject_case) {
    return subject_case == SubjectCase::ascii ? lower(left) == lower(right) : left == right;
}

std::string media_type(const Scene& scene) {
    return lower(trimmed(split(scene.header("Content-Type").value_or(""), ';').front()));
}

/// The status of the answer to an order of a reset.
int status_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::done:
        case Verdict::nothing:
        case Verdict::no_record: return 200;
        case Verdict::unauthenticated: return 401;
        case Verdict::forbidden: return 403;
        case Verdict::unknown: return 404;
        case Verdict::unavailable:
        case Verdict::uncertain: return 503;
        case Verdict::broken: return 500;
    }
    return 0;
}

}  // namespace

AmModel::AmModel(const Scene& scene, const am::Settings& settings)
    : path_(model_path(scene.request().path)), query_(QueryModel::read(scene.request().query)) {
    read_token(scene, settings);
    expect(path_.reset.has_value(), "the path is a reset's");
    expect(query_.has_value(), "the query is well encoded");
    expect_method(scene);
    expect_headers(scene);
    expect_versions(scene, settings);
    expect_body(scene);
    expect(model_token(token_), "there is a token");
    if (path_.reset && query_) {
        expect_parameters();
        read_target(settings);
    }
}

void AmModel::expect(bool holds, const char* complaint) {
    if (!holds && complaint_ == nullptr) {
        complaint_ = complaint;
    }
}

void AmModel::read_token(const Scene& scene, const am::Settings& settings) {
    for (const Header& header : scene.request().headers) {
        const auto cookie = lower(header.name) == "cookie"
                                ? model_cookie(header.value, settings.cookie)
                                : std::nullopt;
        if (cookie) {
            token_ = *cookie;
            break;
        }
    }
    token_in_cookie_ = !token_.empty();
    if (token_.empty()) {
        token_ = scene.header(settings.cookie).value_or("");
    }
}

void AmModel::read_target(const am::Settings& settings) {
    user_ = path_.reset->user;
    const auto id = model_universal_id(*user_);
    if (user_->find('\\') != std::string::npos) {
        user_.reset();
    } else if (id) {
        user_ = id->user;
        expect(same_name(id->realm, realm_.path, settings.subject_case),
               "a universal id is of the path's realm");
    }
}

void AmModel::expect_method(const Scene& scene) {
    const std::string override_method = scene.header("X-HTTP-Method-Override").value_or("");
    expect(scene.request().method == "POST", "the method is POST");
    expect(override_method.empty() || override_method == "POST", "it is not overridden");
}

void AmModel::expect_headers(const Scene& scene) {
    const std::string type = media_type(scene);
    expect(type.empty() || type == "application/json" || type == "multipart/form-data",
           "the content type is one of two");
    for (const char* const name :
         {"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"}) {
        expect(!scene.has_header(name), "the request has no condition");
    }
    expect(!token_in_cookie_ || scene.has_header("X-Requested-With") ||
               !scene.header("Accept-API-Version").value_or("").empty(),
           "a token in a cookie comes with a header that a form cannot set");
}

void AmModel::expect_versions(const Scene& scene, const am::Settings& settings) {
    const auto versions = model_versions(scene.header("Accept-API-Version").value_or(""));
    expect(versions.has_value(), "the versions are well-formed");
    if (!versions) {
        return;
    }
    expect(versions->protocol.empty() || match("[0-2]\\.[0-2]", versions->protocol),
           "the protocol is served");
    expect(versions->resource == "1.0" ||
               (versions->resource.empty() && settings.default_version != am::DefaultVersion::none),
           "the resource's version is served");
}

void AmModel::expect_parameters() {
    expect(query_->any_case("_action") == std::vector<std::string>{"reset"},
           "_action is reset, once");
    expect(query_->any_case("_mimetype").empty(), "there is no _mimeType");
    expect(query_->any_case("_prettyprint").size() < 2, "_prettyPrint is there once");
    const std::vector<std::string> realms = query_->exactly("realm");
    realm_ = path_.reset->realm;
    if (!path_.realms_form && !realms.empty()) {
        expect(realms.size() == 1, "realm is there once");
        expect(is_utf8(realms.front()), "realm is UTF-8");
        realm_ = realms.front().empty() ? realm_ : model_realm(realms.front());
    }
    expect(realm_.possible, "the realm is one that can be");
}

void AmModel::expect_body(const Scene& scene) {
    const Request& request = scene.request();
    expect(request.body_state == Request::Body::complete, "the body is not too large");
    if (media_type(scene) == "multipart/form-data") {
        return;
    }
    expect(model_json(request.body, kBodyDepth), "the body is JSON");
    // What is refused beyond the grammar is the fuzzer json_syntax's to judge.
    expect(format::check_json(request.body, kBodyDepth).fault == format::JsonSyntax::Fault::none,
           "the body is JSON that jansson can hold");
}

namespace {

void judge_order(const AmModel& model, const am::Settings& settings, const Order& order) {
    require(order.api == "am", "the API's name");
    require(order.token == model.token() && model_token(order.token),
            "the store is asked about the request's token", order.token);
    require(order.act == Act::decide || model.may_act(), "what is no reset is not done",
            model.may_act() ? "" : model.complaint());
    if (order.act == Act::decide) {
        return;
    }
    require(order.target.realm == model.realm().path, "the realm of the order");
    require(!model.user() || order.target.user == *model.user(), "the user of the order");
    require(order.factor == model.path().reset->factor, "the factor of the order");
    require(order.subject_case == settings.subject_case, "the case of the order");
    require(!order.self_allowed || settings.self.allowed, "the user may only what is configured");
    require(order.remote_address == "192.0.2.7", "the address of the order");
}

void judge_error(const Response& response, const Json& json) {
    if (!response.content_type.starts_with("application/json")) {
        require(response.status == 400, "only bad syntax is told in plain text");
        return;
    }
    require(json_integer_value(json_object_get(json.get(), "code")) == response.status,
            "the code is the status", response.body);
    require(!text_member(json, "reason").empty() && !text_member(json, "message").empty(),
            "reason and message are there", response.body);
    const std::size_t members = text_member(json, "detail").empty() ? 3 : 4;
    require(json_object_size(json.get()) == members, "there is nothing else", response.body);
}

/// Names in messages are the names themselves, once the JSON is read.
void judge_names(const Scene& scene, const AmModel& model, Orders orders, const Json& json) {
    const bool acted = !orders.empty() && orders.front().act != Act::decide;
    if (!acted || !is_utf8(scene.answer().caller_universal_id)) {
        return;
    }
    const std::string message(text_member(json, "message"));
    if (scene.answer().verdict == Verdict::unknown) {
        require(message == "User " + model.path().reset->user + " not found",
                "an unknown user is named as the path has it", message);
    }
    const std::string id(scene.answer().caller_universal_id);
    if (scene.answer().verdict == Verdict::forbidden && !id.empty()) {
        require(message == "User, " + id + ", not authorized.", "the caller is named", message);
    }
}

void judge_result(const Scene& scene, const SceneRun& run, Orders orders) {
    static const std::set<std::string_view> kActions{"", "reset-oath", "reset-push"};
    const Trace& trace = run.trace();
    const int status = run.response()->status;
    const bool success = trace.result == Result::ok || trace.result == Result::none;
    require(kActions.count(trace.action) == 1, "the log's action is one of three", trace.action);
    require(status != 200 || success || trace.result == Result::undecided, "200 is a success");
    require(!success || status == 200, "a success is 200");
    if (orders.empty()) {
        require(status != 200 || run.response()->body.empty(), "no reset without the store");
        return;
    }
    const Order& order = orders.front();
    const int expected = status_of(scene.answer().verdict);
    if (order.act != Act::decide) {
        require(status == expected, "the answer is the store's");
    } else {
        require(status != 200, "nothing was done, and nothing is said to be");
        require(expected == 200 || expected == 404 || status == expected ||
                    scene.answer().verdict == Verdict::uncertain,
                "what the store says goes before what the path says");
    }
}

}  // namespace

void judge_am(const Scene& scene, const am::Settings& settings, const AmModel& model,
              const SceneRun& run, Orders orders) {
    require(orders.size() <= 1, "the store is asked once");
    for (const Order& order : orders) {
        judge_order(model, settings, order);
    }
    if (!run.response()) {
        require(scene.memory() || scene.is_set("leave"), "there is an answer");
        return;
    }
    const bool acted = !orders.empty() && orders.front().act != Act::decide;
    require(acted || !model.may_act(), "a reset is done");
    const Json json = judge_answer(*run.response());
    if (run.response()->status != 200) {
        judge_error(*run.response(), json);
        judge_names(scene, model, orders, json);
    } else if (!run.response()->body.empty()) {
        require(json_is_true(json_object_get(json.get(), "result")) &&
                    json_object_size(json.get()) == 1,
                "a success is one", run.response()->body);
    }
    judge_result(scene, run, orders);
}

}  // namespace mfa_reset::fuzz
