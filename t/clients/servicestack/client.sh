# The npm package @servicestack/client, as its users call it: with the operation's DTO classes, by
# session, by token and by cookie; and each error, with its responseStatus read back.
# To be sourced by t/clients/run.
# shellcheck shell=bash disable=SC2034,SC2154

example=conf-examples/foundry.conf
printf 'a secret of some forty bytes, for HMAC.\n' >"$edge/jwt.key"  # beside nginx.conf, before nginx starts

# Callers 1 to 9 of org-7, each with a session and a device; and u-42, whom they reset.
load_foundry() {
    local number session
    redis HSET 'mfa:{/foundry/org-7/u-42}' uid u-42 oath2faEnabled 2 oathDeviceProfiles "$oath_devices" \
        push2faEnabled 2 pushDeviceProfiles "$push_devices" challenge:ChallengeSMS 10 >"$edge/log/load.log"
    for number in {1..9}; do
        session='{"__type":"ServiceStack.AuthUserSession, ServiceStack","userAuthId":"'$number'","roles":["Admin"],"organisationId":"org-7","isAuthenticated":true}'
        redis SET "urn:iauthsession:session-of-admin-$number" "$session" EX 3600 >"$edge/log/load.log"
        redis HSET "mfa:{/foundry/org-7/$number}" uid "$number" oathDeviceProfiles "$oath_devices" >"$edge/log/load.log"
    done
}

call() {
    local line lines=0
    client_modules || return 0
    load_foundry
    while read -r line; do
        lines=$((lines + 1))
        check "${line#ok }" ok "$([[ $line != ok\ * ]] && printf '%s' "$line" || echo ok)"
    done < <(attended 60 node "$client/calls.mjs" "$modules" "http://127.0.0.1:$port" "$edge/jwt.key" 2>&1)
    check 'every call was made' 45 "$lines"
    check 'the user is reset, and nothing else of the user is left' \
        $'oath2faEnabled\t0\npush2faEnabled\t0\nuid\tu-42' "$(record 'mfa:{/foundry/org-7/u-42}')"
    check 'each success has its event' 8 "$(redis XLEN 'mfa:{/foundry/org-7/u-42}:events')"
    check 'the caller who guessed is locked out, and nobody else' 1 \
        "$(redis --scan --pattern 'mfa:{/foundry/org-7/*}' | while read -r line; do redis HEXISTS "$line" callerCode:lockedUntil; done | grep -c 1)"
}
