# The edge as demo, clients and compat run it: a private Redis on a unix socket and an nginx on a
# free port of 127.0.0.1 with a file of conf-examples/, all in one directory; and what is in that
# Redis.
# To be sourced after lib.sh.
# shellcheck shell=bash disable=SC2154

export no_proxy=127.0.0.1
edge=''              # its directory, once prepare_edge has run
port=''              # nginx's, once start_nginx has run
oaa_key=''           # of the last service that add_credential made
nginx_binary=nginx
redis_binary=redis-server
redis_url=''         # for nginx: all rights on the unix socket, or after use_redis_user what is needed
patience=10          # seconds that a server may take to start
redis_port=''        # of 127.0.0.1, once use_redis_user has run

# Makes the directory. nginx's workers run as www-data where nginx was started by root: they, and
# nobody else, may pass through it; being setgid it hands its group on to Redis's socket.
prepare_edge() {
    make_scratch
    edge=$scratch
    mkdir "$edge/log" "$edge/modules" "$edge/server" "$edge/temp"
    cp -R "$repo/www" "$edge/www"
    ((EUID != 0)) || { chgrp www-data "$edge" && chmod 2710 "$edge"; }
}

redis() { redis-cli -s "$edge/redis.sock" "$@"; }

redis_answers() { [[ $(redis PING 2>/dev/null) == PONG ]]; }

start_redis() {
    spawn "$redis_binary" --port 0 --unixsocket "$edge/redis.sock" --unixsocketperm 770 \
        --dir "$edge" --save '' --appendonly no --maxmemory-policy noeviction --stream-node-max-bytes 1024 \
        >"$edge/log/redis.log" 2>&1
    wait_until "$patience" redis_answers || {
        cat "$edge/log/redis.log"
        die "Redis did not start"
    }
    redis_url=unix:$edge/redis.sock:/0
}

random_password() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# redis_does COMMAND…: one that must be answered with OK. It may have a password: that is in no
# process's arguments.
redis_does() {
    local said
    said=$(printf '"%s" ' "$@" | redis 2>&1)
    [[ $said == OK ]] || die "Redis answered $1 $2 with: $said"
}

# Lets Redis listen on a port, too, since a named user logs in by that alone; so nobody else on this
# machine may be let in: from now on everybody needs a password, and ours is in the environment.
open_redis_port() {
    local password attempt
    password=$(random_password)
    redis_does ACL SETUSER default resetpass ">$password"
    export REDISCLI_AUTH=$password
    for attempt in 1 2 3 4 5; do
        redis_port=$(free_port)
        [[ $(redis CONFIG SET port "$redis_port" 2>&1) != OK ]] || return 0
    done
    die "Redis found no free port in $attempt attempts"
}

# use_redis_user EXAMPLE: nginx's user of Redis has the rights that docs/how-to/redis.md lists for
# EXAMPLE, and no others; it has a password of its own.
use_redis_user() {
    local words password
    [[ -n $redis_port ]] || open_redis_port
    password=$(random_password)
    while IFS=$'\t' read -r -a words; do
        grep -qF "${words[0]}" "$1" || continue
        words=("${words[@]/#>*/>$password}")
        redis_does "${words[@]:1}"
    done < <("$repo/scripts/redis-user.pl")
    redis_url=redis://mfa-reset:$password@127.0.0.1:$redis_port/0
}

free_port() {
    perl -MIO::Socket::INET \
        -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1", LocalPort => 0)->sockport'
}

# Writes EXAMPLE to nginx.conf, with what belongs to this edge in the place of the system's, and
# makes sure that nothing of the system's is left in it. The pages are a copy in $edge/www; what is in $edge/server/*.conf
# goes into each server; what the example proxies to is at $edge/backend.sock.
adapt_example() {
    local example=$1 kind file temp_paths=''
    for kind in client_body proxy fastcgi uwsgi scgi; do
        temp_paths+="\\    ${kind}_temp_path $edge/temp/$kind;\\n"
    done
    sed -e "s|redis://127\.0\.0\.1:6379/0|$redis_url|" \
        -e "s|127\.0\.0\.1:8080|127.0.0.1:$port|" \
        -e "s|/run/nginx\.pid|$edge/nginx.pid|" \
        -e "s|/var/log/nginx/|$edge/log/|" \
        -e "s|/usr/share/mfa-reset/www/|$edge/www/|" \
        -e "s|server 127\.0\.0\.1:808[12];|server unix:$edge/backend.sock;|" \
        -e "/^ *listen 127\.0\.0\.1/a include $edge/server/*.conf;" \
        -e "/^http {/a ${temp_paths%\\n}" "$example" >"$edge/nginx.conf"
    ! grep -vE '^ *#' "$edge/nginx.conf" | grep -nE '[ :]/(run|var|etc|usr)/|:6379|:8080' ||
        die "$example has values of the system that are not replaced here"
    while read -r file; do
        [[ -f $edge/$file ]] || die "$example names $file, and there is none in $edge"
    done < <(named_files)
}

# The files that nginx.conf names: nginx looks for them beside it.
named_files() {
    sed -nE 's/^ *mfa_reset_(oaa_user_file|foundry_jwt_key) +([^ ;]+).*/\2/p' "$edge/nginx.conf"
}

# add_credential NAME: one more service that may call OAA's API, in oaa.users, before nginx starts.
# Sets $oaa_key. nginx's master reads the file, its workers need not.
add_credential() {
    local said
    said=$(umask 077 && "$repo/scripts/oaa-user" "$1" 2>&1 >>"$edge/oaa.users")
    oaa_key=${said##*: }
    [[ $oaa_key =~ ^[0-9a-f]{64}$ ]] || die "oaa-user gave no key"
}

nginx_here() { "$nginx_binary" -p "$edge/" -e "$edge/log/error.log" -c "$edge/nginx.conf" "$@"; }

nginx_runs_or_failed() { [[ -s $edge/nginx.pid ]] || ! alive "$nginx"; }

# Starts nginx with EXAMPLE and MODULE; again when somebody else was faster to take the port.
start_nginx() {
    local example=$1 module=$2 attempt
    ln -sfn "$module" "$edge/modules/ngx_http_mfa_reset_module.so"
    for attempt in 1 2 3 4 5; do
        port=$(free_port)
        adapt_example "$example"
        spawn "$nginx_binary" -p "$edge/" -e "$edge/log/error.log" -c "$edge/nginx.conf" \
            -g 'daemon off;' >"$edge/log/nginx-$attempt.log" 2>&1
        nginx=$spawned
        wait_until "$patience" nginx_runs_or_failed || break
        ! alive "$nginx" || return 0
        grep -q 'Address already in use' "$edge/log/nginx-$attempt.log" || break
    done
    cat "$edge/log/nginx-$attempt.log"
    die "nginx did not start"
}

# ---- what is in Redis: two realms, four users with their devices, and who is logged in

admin_token='AQIC5wSampleOfAmAdmin.2NzEz*'
eve_token='AQIC5wSampleOfEve.2NzEz*'
uuid_user='0f8fad5b-d9cb-469f-a165-70867728950e'
uuid_token='AQIC5wSampleOfUuidUser.2NzEz*'

oath_devices='[{"uuid":"d569bb53-9b53-4f4c-8f0e-0a4a9c7e6c11","recoveryCodes":[],"sharedSecret":"3132333435363738393031323334353637383930","deviceName":"OATH Device","lastLogin":0,"counter":0,"checksumDigit":false,"truncationOffset":0,"clockDriftSeconds":0,"createdDate":1700000000000,"lastAccessDate":1700000000000}]'
push_devices='[{"uuid":"7c9e6679-7425-40de-944b-e07fc1f90ae7","recoveryCodes":[],"sharedSecret":"3132333435363738393031323334353637383930","deviceName":"Push Device","communicationType":"gcm","createdDate":1700000000000,"lastAccessDate":1700000000000}]'

# load_user RECORD UID: a user with a device of each kind.
load_user() {
    redis HSET "$1" uid "$2" oath2faEnabled 2 oathDeviceProfiles "$oath_devices" \
        push2faEnabled 2 pushDeviceProfiles "$push_devices" >"$edge/log/load.log"
}

# load_session TOKEN FIELD VALUE…: the key holds the token's hash, and lives as long as the session.
load_session() {
    local key
    key=mfa:session:$(printf '%s' "$1" | sha256sum | cut -d ' ' -f 1)
    redis HSET "$key" "${@:2}" >"$edge/log/load.log"
    redis EXPIRE "$key" 28800 >"$edge/log/load.log"
}

load_samples() {
    load_user 'mfa:{/mysubrealm/myuser}' myUser
    load_user 'mfa:{/mysubrealm/anna}' anna
    load_user "mfa:{/alpha/$uuid_user}" "$uuid_user"
    redis HSET 'mfa:{/amadmin}' uid amAdmin >"$edge/log/load.log"
    load_session "$admin_token" user amAdmin realm / admin / \
        universalId 'id=amAdmin,ou=user,dc=example,dc=com'
    load_session "$eve_token" user eve realm /mySubrealm \
        universalId 'id=eve,ou=user,o=mysubrealm,ou=services,dc=example,dc=com'
    load_session "$uuid_token" user "$uuid_user" realm /alpha authLevel 10 \
        universalId "id=$uuid_user,ou=user,o=alpha,ou=services,dc=example,dc=com"
}

# The fields of RECORD, one a line, in a fixed order.
record() { redis HGETALL "$1" | paste - - | sed '/^\t$/d' | sort; }

# record_after FACTOR: what a reset must make of the record that is read. FACTOR is as in the events:
# `oath` and `push` of AM, `all` of Foundry, a challenge type of OAA.
record_after() {
    case $1 in
        oath | push) sed -e "/^${1}DeviceProfiles\t/d" -e "s/^${1}2faEnabled\t.*/${1}2faEnabled\t0/" ;;
        all) record_after oath | record_after push | sed -E '/^(challenge|lock):/d' ;;
        *) sed -E "/^(challenge|lock):$1\t/d" ;;
    esac
}
