# The pages of www/ in the demo: a login that hands out sample sessions, and what the pages are served with. To be sourced
# by demo after edge.sh and demo-calls.sh.
# shellcheck shell=bash disable=SC2154

anna='mfa:{/mysubrealm/anna}'
anna_token='AQIC5wSampleOfAnna.2NzEz*'
password_token='AQIC5wSampleOfAnnaByPassword.2NzEz*'

# sign_in NAME TOKEN PAGE: a location that gives the browser that session's cookie, which no script can read. The demo has
# no TLS; where there is, such a cookie is Secure, too.
sign_in() {
    printf "location = /sign-in/%s {\n    add_header Set-Cookie '%s; HttpOnly; SameSite=Lax';\n    return 302 %s;\n}\n" \
        "$1" "iPlanetDirectoryPro=$2; Path=/" "$3"
}

# Before nginx starts: the demo's login instead of AM's.
write_sign_in() {
    sed -E -e 's|("login": ")[^"]*|\1/sign-in/|' -e 's|("logout": ")[^"]*|\1/sign-in/nobody|' "$repo/www/config.json" \
        >"$edge/www/config.json"
    {
        sign_in anna "$anna_token" /devices/
        sign_in password "$password_token" /devices/
        sign_in help-desk "$admin_token" '/devices/help-desk.html?realm=/mySubrealm&user=anna'
        sign_in nobody none /devices/
        cat <<'END'
location = /sign-in/ {
    default_type 'text/html; charset=utf-8';
    return 200 '<!DOCTYPE html><html lang="en"><title>Sign in to the demo</title><h1>Sign in to the demo</h1><ul>
        <li><a href="anna">anna</a>, with her second factor</li>
        <li><a href="password">anna</a>, by password alone: she may look, and not change anything</li>
        <li><a href="help-desk">amAdmin</a>, the help desk</li></ul></html>';
}
END
    } >"$edge/server/sign-in.conf"
}

# anna has a device of each kind, has failed at a challenge, and is logged in.
load_anna() {
    local id='id=anna,ou=user,o=mysubrealm,ou=services,dc=example,dc=com'
    load_user "$anna" anna
    redis HSET "$anna" challenge:ChallengeSMS 10 lock:ChallengeSMS "$((EPOCHSECONDS + 1800))000" webauthnDeviceProfiles \
        '[{"uuid":"3f2b8c1e-5d0a-4e7b-9a61-2c4d8e6f7a90","recoveryCodes":[],"createdDate":1700000000000,"lastAccessDate":1700000000000,"credentialId":"AbksZf","algorithm":"ES256","deviceName":"Security key"}]' \
        >"$edge/log/load.log"
    load_session "$anna_token" user anna realm /mySubrealm universalId "$id" authLevel 10
    load_session "$password_token" user anna realm /mySubrealm universalId "$id" authLevel 0
}

# fetch FORMAT PATH CURL-ARGUMENT…: FORMAT as curl's -w.
fetch() { curl -q -sS -m 10 -o "$edge/body" -w "$1" "${@:3}" "http://127.0.0.1:$port$2" || echo "curl's error $?"; }

pages_are_served() {
    local page devices=/openam/json/realms/root/realms/mySubrealm/users/anna/devices/2fa
    heading 'The pages for users and for the help desk'
    load_anna
    for page in index.html help-desk.html; do
        right_or_wrong "$page, with a policy that lets it load its own files only" "200 default-src 'none';" \
            "$(fetch '%{http_code} %header{content-security-policy}' "/devices/$page" | cut -d ' ' -f 1-3)"
    done
    right_or_wrong "the session's cookie, which no script can read" \
        "iPlanetDirectoryPro=$anna_token; Path=/; HttpOnly; SameSite=Lax" "$(fetch '%header{set-cookie}' /sign-in/anna)"
    right_or_wrong 'anna sees her security key' '200 Security key' \
        "$(fetch '%{http_code}' "$devices/webauthn?_queryFilter=true" -b "iPlanetDirectoryPro=$anna_token") $(
            sed -n 's/.*"deviceName":"\([^"]*\)".*/\1/p' "$edge/body")"
    right_or_wrong 'by password alone she may not remove it' '403 {"code":403,"reason":"Forbidden","message":"User not permitted."}' \
        "$(fetch '%{http_code}' "$devices/webauthn/3f2b8c1e-5d0a-4e7b-9a61-2c4d8e6f7a90" -X DELETE "${version[@]}" \
            -b "iPlanetDirectoryPro=$password_token") $(cat "$edge/body")"
}
