# npm packages from a lock file, for what is not the module: clients, measurements, the browser's tests.
# To be sourced after lib.sh.
# shellcheck shell=bash

# install_modules SOURCE AT: what SOURCE's package-lock.json says, in AT/node_modules, where it stays until the lock file
# changes. Says what is wrong and returns 1 if npm cannot.
install_modules() {
    local source=$1 at=$2
    ! cmp -s "$source/package-lock.json" "$at/installed" || return 0
    rm -rf "$at"
    mkdir -p "$at"
    cp "$source/package.json" "$source/package-lock.json" "$at"
    [[ ! -f $source/.npmrc ]] || cp "$source/.npmrc" "$at"
    say "Installing the npm packages of ${source#"$repo/"}"
    attended 300 env -C "$at" npm ci --ignore-scripts --engine-strict --no-audit --no-fund \
        --no-update-notifier --fetch-retries=1 --fetch-timeout=30000 >"$at/npm.log" 2>&1 || {
        cat "$at/npm.log"
        say "npm could not install the packages of ${source#"$repo/"}: can it reach its registry?"
        return 1
    }
    cp "$source/package-lock.json" "$at/installed"
}
