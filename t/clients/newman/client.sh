# newman, which runs exported API collections: one with a reset as AM's own collection has it, with
# its variables and its body "<object>". The collection's own tests judge the answer.
# To be sourced by t/clients/run.
# shellcheck shell=bash disable=SC2034,SC2154

changes=("mfa:{/alpha/$uuid_user} oath")

# figure EXPRESSION: of newman's report.
figure() {
    node -p "const run = JSON.parse(require('fs').readFileSync(process.argv[1])).run; $1" \
        "$edge/newman.json"
}

call() {
    local status=0
    client_modules || return 0
    rm -f "$edge/newman.json"
    attended 60 node "$modules/newman/bin/newman.js" run "$client/reset-device.postman_collection.json" \
        --env-var "amUrl=http://127.0.0.1:$port/am" --env-var realm=/realms/root/realms/alpha \
        --env-var "user=$uuid_user" --env-var "token=$admin_token" \
        --timeout-request 10000 --color off --reporters cli,json \
        --reporter-json-export "$edge/newman.json" || status=$?
    check "newman ends well" 0 "$status"
    [[ -s $edge/newman.json ]] || { check 'newman reports' yes no && return; }
    check 'newman has made one request' 1 "$(figure 'run.stats.requests.total')"
    check "newman has held the answer against all of the collection's tests" '4 of 4' \
        "$(figure 'run.stats.assertions.total - run.stats.assertions.failed + " of " + run.stats.assertions.total')"
}
