# What every script here shares: messages, a scratch directory, and background processes that never
# outlive the script. To be sourced; it sets the traps that clean up.
# shellcheck shell=bash disable=SC2034

shopt -s inherit_errexit
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export LC_ALL=C.UTF-8
export PATH="$PATH:/usr/sbin:/sbin"  # an ordinary user's PATH lacks where Debian puts nginx
umask 022

if [[ -t 1 ]]; then
    bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
else
    bold='' dim='' green='' red='' plain=''
fi

heading() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
say() { printf '%s\n' "$*"; }
die() {
    printf '%s%s: %s%s\n' "$red" "${0##*/}" "$*" "$plain" >&2
    exit 1
}

children=()  # process ids, in the order of their start
doomed=()    # paths to remove at the end

remove_at_exit() { doomed+=("$@"); }

# Sets $scratch to a new directory that goes with the script. It lies in /tmp whatever TMPDIR says:
# the path of a unix socket has room for 107 bytes.
make_scratch() {
    scratch=$(mktemp -d /tmp/mfa-reset.XXXXXX)
    remove_at_exit "$scratch"
}

# Starts COMMAND in the background and sets $spawned. The kernel ends it if the script is killed
# without a chance to clean up.
spawn() {
    setpriv --pdeathsig TERM "$@" </dev/null &
    spawned=$!
    children+=("$spawned")
}

# Runs COMMAND for at most SECONDS. Unlike a command in the foreground it does not delay the
# script's own traps, and timeout passes the signal on to all that COMMAND has started.
attended() {
    local seconds=$1 status=0
    shift
    spawn timeout -k 5 "$seconds" "$@"
    wait "$spawned" || status=$?
    [[ $status != 124 ]] || say "$1 took more than $seconds seconds and was ended"
    return "$status"
}

alive() { kill -0 "$1" 2>/dev/null; }

# Tries COMMAND again and again for at most SECONDS.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}

gone() { ! alive "$1"; }

# Ends a child of this script, by force if it does not go in time: it may have children to end.
stop() {
    alive "$1" || return 0
    kill -TERM "$1" 2>/dev/null || true
    wait_until 15 gone "$1" || kill -KILL "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

clean_up() {
    local status=$? i
    trap '' HUP INT TERM
    for ((i = ${#children[@]} - 1; i >= 0; i--)); do
        stop "${children[i]}"
    done
    ((${#doomed[@]} == 0)) || rm -rf -- "${doomed[@]}"
    exit "$status"
}

trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# A script's first comment is its help. It is shown before anything is looked at or begun.
if [[ ${1:-} == --help || ${1:-} == -h ]]; then
    awk 'NR > 1 && !/^#/ { exit } NR > 1 { sub(/^# ?/, ""); print }' "$0"
    exit 0
fi
