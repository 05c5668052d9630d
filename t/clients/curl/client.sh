# The two calls of AM's documentation, as they are typed there, but for the scheme: in front of the
# edge stands whatever ends TLS. To be sourced by t/clients/run.
# shellcheck shell=bash disable=SC2034,SC2154

changes=('mfa:{/mysubrealm/myuser} oath' 'mfa:{/mysubrealm/myuser} push')

# The documentation's host, brought here; nothing of the caller's own settings.
curl_here() {
    curl -q -sS -m 10 --noproxy '*' --connect-to "openam.example.com:8080:127.0.0.1:$port" \
        -o "$edge/body" -w '%{http_code} %{content_type} ' "$@" && cat "$edge/body"
}

call() {
    local answer='200 application/json;charset=UTF-8 {"result":true}' found
    found=$(
        curl_here \
            -X POST \
            -H 'Content-Type: application/json' \
            -H 'Accept-API-Version: resource=1.0' \
            -H "iplanetDirectoryPro: $admin_token" \
            -d '{}' \
            'http://openam.example.com:8080/openam/json/realms/root/realms/mySubrealm/users/myUser/devices/2fa/oath?_action=reset'
    ) || found="curl's error $?"
    check 'curl resets the OATH device' "$answer" "$found"
    found=$(
        curl_here \
            -X POST \
            -H 'Content-Type: application/json' \
            -H 'Accept-API-Version: resource=1.0' \
            -H "iplanetDirectoryPro: $admin_token" \
            -d '{}' \
            'http://openam.example.com:8080/openam/json/realms/root/realms/mySubrealm/users/myUSER/devices/2fa/push?_action=reset'
    ) || found="curl's error $?"
    check 'curl resets the push device' "$answer" "$found"
}
