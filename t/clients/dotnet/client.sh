# The requests of ServiceStack's .NET clients (Json, Jsv, Xml and CsvServiceClient), replayed byte by
# byte: names in PascalCase, XML with a byte order mark, `Expect: 100-continue` before the body; and
# what they send compressed, as forms, and in parts.
# To be sourced by t/clients/run.
# shellcheck shell=bash disable=SC2034,SC2154

example=conf-examples/foundry.conf
printf 'a secret of some forty bytes, for HMAC.\n' >"$edge/jwt.key"  # beside nginx.conf, before nginx starts

# Callers 1 to 20 of no organisation, as the clients send none; each has a device, and so a code of its own.
load_callers() {
    local number session
    redis HSET 'mfa:{/foundry/u%2C1}' uid u,1 oath2faEnabled 2 oathDeviceProfiles "$oath_devices" >"$edge/log/load.log"
    for number in {1..20}; do
        session='{"__type":"ServiceStack.AuthUserSession, ServiceStack","userAuthId":"'$number'","roles":["Admin"],"isAuthenticated":true}'
        redis SET "urn:iauthsession:session-of-admin-$number" "$session" EX 3600 >"$edge/log/load.log"
        redis HSET "mfa:{/foundry/$number}" uid "$number" oathDeviceProfiles "$oath_devices" >"$edge/log/load.log"
    done
}

call() {
    local line lines=0
    load_callers
    while read -r line; do
        lines=$((lines + 1))
        check "${line#ok }" ok "$([[ $line != ok\ * ]] && printf '%s' "$line" || echo ok)"
    done < <(attended 60 /usr/bin/python3 "$client/replay.py" "$port" 2>&1)
    check 'every request was sent' 16 "$lines"
    check 'the user is reset' $'oath2faEnabled\t0\npush2faEnabled\t0\nuid\tu,1' "$(record 'mfa:{/foundry/u%2C1}')"
    check 'each success has its event' 14 "$(redis XLEN 'mfa:{/foundry/u%2C1}:events')"
}
