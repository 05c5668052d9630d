# The calls by which the device clients of four SDKs, the vendor's end-user page and OpenAM's own
# page begin: whose session is it? Byte for byte as they send them; and the reset of a script that has
# an access token, which is no credential here.
# To be sourced by t/clients/run.
# shellcheck shell=bash disable=SC2034,SC2154

changes=()

# sent CALL TOKEN: the answer, with T in the place of each time.
sent() {
    "$client/send.pl" "$client/calls/$1" "$port" "$2" 2>&1 |
        sed -E 's/"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"/"T"/g'
}

# session_of USER UNIVERSAL-ID REALM LEVEL
session_of() {
    printf '200 {"username":"%s","universalId":"%s","realm":"%s","latestAccessTime":"T","maxIdleExpirationTime":"T","maxSessionExpirationTime":"T","properties":{"AuthLevel":"%s"}}' "$@"
}

call() {
    local name mine=$uuid_token refused='401 {"code":401,"reason":"Unauthorized","message":"Access Denied"}'
    local whose
    whose=$(session_of "$uuid_user" "id=$uuid_user,ou=user,o=alpha,ou=services,dc=example,dc=com" /alpha 10)
    for name in android-forgerock android-ping ios-forgerock ios-ping end-user-page end-user-page-top-realm xui; do
        check "$name is told whose session it is" "$whose" "$(sent "$name" "$mine")"
        check "$name is told that a session has ended" "$refused" "$(sent "$name" 'AQIC5wEnded.2NzEz*')"
    done
    check 'a script with an access token resets nothing' "$refused" "$(sent script-reset "$mine")"
    check 'and leaves no event' 0 "$(redis XLEN "mfa:{/alpha/$uuid_user}:events")"
}
