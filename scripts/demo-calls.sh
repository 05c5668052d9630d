# The calls that the demo makes, API by API, all of them about one user: what goes before each, what
# must be answered, and what must have changed. To be sourced by demo, which has `call`, `in_redis`
# and `right_or_wrong`, after edge.sh.
# shellcheck shell=bash disable=SC2154

me='mfa:{/mysubrealm/myuser}'

# ---- AM

json='application/json;charset=UTF-8'
denied='{"code":401,"reason":"Unauthorized","message":"Access Denied"}'
version=(-H 'Accept-API-Version: resource=1.0')
admin=(-H "iplanetDirectoryPro: $admin_token")
users=/openam/json/realms/root/realms/mySubrealm/users

# am_call TITLE RECORD CHANGE STATUS TYPE BODY CURL-ARGUMENT… PATH
am_call() { call "${@:1:6}" -X POST -H 'Content-Type: application/json' "${@:7}"; }

am_calls_that_reset() {
    local uuid="mfa:{/alpha/$uuid_user}" alpha=/am/json/realms/root/realms/alpha/users
    local by_admin='caller id=amAdmin,ou=user,dc=example,dc=com' ok='{"result":true}'
    am_call "AM: an administrator resets myUser's OATH device" "$me" "am oath $by_admin" 200 "$json" "$ok" \
        "${version[@]}" "${admin[@]}" -d '{}' "$users/myUser/devices/2fa/oath?_action=reset"
    am_call 'and the push device; myUSER is the same user' "$me" "am push $by_admin" 200 "$json" "$ok" \
        "${version[@]}" "${admin[@]}" -d '{}' "$users/myUSER/devices/2fa/push?_action=reset"
    am_call 'Another realm, the body of an exported collection, pretty-printed' "$uuid" "am oath $by_admin" 200 "$json" \
        $'{\n  "result" : true\n}' "${version[@]}" "${admin[@]}" -d '"<object>"' \
        "$alpha/$uuid_user/devices/2fa/oath?_prettyPrint=true&_action=reset"
    am_call 'The first call again: no device is left, and that is fine' "$me" "am oath $by_admin" 200 "$json" "$ok" \
        "${version[@]}" "${admin[@]}" -d '{}' "$users/myUser/devices/2fa/oath?_action=reset"
    am_call 'A user resets the own device, with the session in the cookie' "$uuid" \
        "am push caller id=$uuid_user,ou=user,o=alpha,ou=services,dc=example,dc=com" 200 "$json" "$ok" \
        "${version[@]}" -b "iPlanetDirectoryPro=$uuid_token" -d '{}' \
        "$alpha/$uuid_user/devices/2fa/push?_action=reset"
}

am_calls_that_are_refused() {
    local anna='mfa:{/mysubrealm/anna}' nosuch='mfa:{/mysubrealm/nosuch}'
    local path="$users/anna/devices/2fa/oath?_action=reset"
    am_call 'A version that is none' "$anna" none 400 '' 'Version string is in an invalid format: v1' \
        -H 'Accept-API-Version: v1' "${admin[@]}" -d '{}' "$path"
    am_call 'No session' "$anna" none 401 "$json" "$denied" "${version[@]}" -d '{}' "$path"
    am_call 'A session that nobody knows' "$anna" none 401 "$json" "$denied" \
        "${version[@]}" -H 'iPlanetDirectoryPro: AQIC5wUnknown*' -d '{}' "$path"
    am_call "Somebody else's device" "$anna" none 403 "$json" \
        '{"code":403,"reason":"Forbidden","message":"User, id=eve,ou=user,o=mysubrealm,ou=services,dc=example,dc=com, not authorized."}' \
        "${version[@]}" -H "iPlanetDirectoryPro: $eve_token" -d '{}' "$path"
    am_call 'A user who is not known' "$nosuch" none 404 "$json" \
        '{"code":404,"reason":"Not Found","message":"User nosuch not found"}' \
        "${version[@]}" "${admin[@]}" -d '{}' "$users/nosuch/devices/2fa/oath?_action=reset"
    am_call 'A version of the resource that is not served' "$anna" none 404 "$json" \
        "{\"code\":404,\"reason\":\"Not Found\",\"message\":\"Resource '' not found\"}" \
        -H 'Accept-API-Version: resource=2.0' "${admin[@]}" -d '{}' "$path"
}

# ---- Foundry

foundry_session=aXujm6JBEWMtZW8Fuo1f
foundry_admin='mfa:{/mysubrealm/1}'
foundry_secret=3132333435363738393031323334353637383930  # in $oath_devices

# An administrator with a device of their own, and their session as ServiceStack writes it.
load_foundry_admin() {
    redis HSET "$foundry_admin" uid 1 oath2faEnabled 2 oathDeviceProfiles "$oath_devices" >"$edge/log/load.log"
    redis SET "urn:iauthsession:$foundry_session" \
        '{"__type":"ServiceStack.AuthUserSession, ServiceStack","id":"'$foundry_session'","userAuthId":"1","userAuthName":"alice","userName":"alice","displayName":"Alice","email":"alice@example.com","createdAt":"\/Date(1795379552240)\/","lastModified":"\/Date(1795379552310)\/","roles":["Admin"],"permissions":[],"isAuthenticated":true,"fromToken":false,"tag":0,"authProvider":"credentials","providerOAuthAccess":[]}' \
        EX 28800 >"$edge/log/load.log"
}

# put_reset TITLE CHANGE STATUS BODY CODE: myuser's reset, by that administrator.
put_reset() {
    call "$1" "$me" "$2" "$3" 'application/json; charset=utf-8' "$4" \
        -X PUT -H 'Content-Type: application/json' -H "X-ss-id: $foundry_session" \
        -d '{"targetUserId":"myuser","callerCode":"'"$5"'"}' /users/2fa/reset
}

# myUser has devices again, is locked out of one challenge and has failed at another.
enrol_again() {
    load_user "$me" myUser
    redis HSET "$me" challenge:ChallengeSMS 10 lock:ChallengeSMS "$((EPOCHSECONDS + 1800))000" \
        challenge:ChallengeEmail 3 >"$edge/log/load.log"
}

foundry_calls() {
    local now code before used
    enrol_again
    before=$(record "$foundry_admin")
    # Codes are taken for one step more, so it does not matter when this one's 30 seconds end.
    now=$EPOCHSECONDS
    code=$(perl "$repo/scripts/totp.pl" "$foundry_secret" "$now")
    used=$(printf '%s\ncallerCode:step\t%s\n' "$before" "$((now / 30))" | sort)
    put_reset "Foundry: an administrator, whose device shows $code, resets all factors of myuser" \
        'foundry all caller /mysubrealm/1' 200 '{}' "$code"
    right_or_wrong "the code is used up, all else of the administrator's kept" "$used" "$(record "$foundry_admin")"
    enrol_again
    put_reset 'The same code again, after myuser has enrolled again' none 403 \
        '{"responseStatus":{"errorCode":"InvalidCallerCode","message":"Invalid caller code","errors":[]}}' "$code"
    right_or_wrong 'nor did anything of the administrator change' "$used" "$(record "$foundry_admin")"
}

# ---- OAA

context=edbe55c6-438f-448f-a742-9925b6471fe1
challenge="/oaa/runtime/challengecounter/v1?challengeType=ChallengeOMATOTP&contextId=$context"

# What an authentication service does: myUser logs in, fails ten times, and is locked out.
fail_ten_times() {
    heading 'OAA: myUser logs in, and then answers the challenge OMATOTP wrongly, ten times'
    in_redis 1 create-context "mfa:context:$context" /mysubrealm/myuser 28800
    right_or_wrong 'the context is made' 1 "$found"
    in_redis 10 failed-answer "$me" ChallengeOMATOTP 10 1800
    right_or_wrong 'nine are counted, the tenth locks it for half an hour, in milliseconds' \
        '1 0, 2 0, 3 0, 4 0, 5 0, 6 0, 7 0, 8 0, 9 0, 10 1800000' "$found"
}

# delete_counter TITLE CHANGE STATUS MESSAGE KEY PATH
delete_counter() {
    call "$1" "$me" "$2" "$3" application/json '{"responseCode":"'"$3"'","responseMessage":"'"$4"'"}' \
        -X DELETE -u "portal:$5" "$6"
}

oaa_calls() {
    fail_ten_times
    delete_counter 'A key that is not the one of portal' none 401 Unauthorized wrong-key "$challenge"
    delete_counter 'A context that nobody knows' none 404 'Invalid input. ContextId or ChallengeType was not found.' \
        "$oaa_key" "${challenge%1}2"
    delete_counter "The service portal resets the challenge of the context's user" \
        'oaa ChallengeOMATOTP caller portal' 200 'Challenge Counter is reseted.' "$oaa_key" "$challenge"
    in_redis 1 locked "$me" ChallengeOMATOTP
    right_or_wrong 'it is not locked any more' 0 "$found"
}
