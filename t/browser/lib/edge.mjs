// The nginx and the Redis that t/browser/run has started: records, sessions, and how they fail.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

export const directory = process.env.EDGE;
export const origin = `http://127.0.0.1:${process.env.PORT}`;
export const amOrigin = `http://am.example.com:${process.env.PORT}`;
export const cookie = 'iPlanetDirectoryPro';
export const day = 86400000;

// What a failing test waits at most for, in milliseconds.
export const patience = 20000;

export function redis(...words) {
    return execFileSync('redis-cli', ['-s', `${directory}/redis.sock`, ...words.map(String)], { encoding: 'utf8' }).trim();
}

export function log() {
    return readFileSync(`${directory}/log/error.log`, 'utf8');
}

// Repeats until it is true.
export async function until(what, holds) {
    const end = Date.now() + patience;
    while (!await holds()) {
        if (Date.now() > end) {
            throw new Error(`not in time: ${what}`);
        }
        await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
}

// ---- records

// A part of a key: docs/reference/redis-schema.md.
function encoded(part) {
    const folded = part.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    return encodeURIComponent(folded).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
        .replaceAll('%40', '@').replaceAll('%2B', '+');
}

export function recordOf(realm, user) {
    const parts = [...realm.split('/').filter((part) => part !== ''), user];
    return `mfa:{${parts.map((part) => `/${encoded(part)}`).join('')}}`;
}

let devices = 0;

// A stored profile; its secret must never be seen by a page.
export const secret = '3132333435363738393031323334353637383930';
export function profile(deviceName, more = {}) {
    devices++;
    return {
        uuid: `00000000-0000-4000-8000-${String(devices).padStart(12, '0')}`, recoveryCodes: ['{SCRYPT}code'],
        createdDate: 1700000000000, lastAccessDate: 1795000000000, sharedSecret: secret, deviceName, ...more,
    };
}

export function securityKey(deviceName, more = {}) {
    return profile(deviceName, { sharedSecret: undefined, credentialId: `cred${devices}`, algorithm: 'ES256', ...more });
}

// Writes a user's record with these lists of profiles, and other fields. Returns its key.
export function enrol(realm, user, { oath, push, webauthn, ...fields } = {}) {
    const key = recordOf(realm, user);
    const words = ['uid', user];
    for (const [kind, profiles] of Object.entries({ oath, push, webauthn })) {
        if (profiles !== undefined) {
            words.push(`${kind}DeviceProfiles`, JSON.stringify(profiles));
        }
    }
    redis('HSET', key, ...words, ...Object.entries(fields).flat());
    return key;
}

function sessionKey(token) {
    return `mfa:session:${createHash('sha256').update(token).digest('hex')}`;
}

let sessions = 0;

// Logs a user in; `fields` are of the session's record. Returns the token.
export function logIn(realm, user, fields = {}) {
    const token = `token-${++sessions}-of-${createHash('sha256').update(user).digest('hex').slice(0, 8)}`;
    const parts = realm.split('/').filter((part) => part !== '').reverse();
    const id = [`id=${user}`, 'ou=user', ...parts.map((part) => `o=${part}`), 'dc=example'].join(',');
    const all = { user, realm, universalId: id, authLevel: 10, ...fields };
    redis('HSET', sessionKey(token), ...Object.entries(all).flat());
    redis('EXPIRE', sessionKey(token), 3600);
    return token;
}

export function logOut(token) {
    redis('DEL', sessionKey(token));
}

// ---- how it fails

// Of a call with this session, by a client of this address.
export async function statusOf(token, client) {
    const response = await fetch(`${origin}/openam/json/sessions?_action=getSessionInfo`, {
        method: 'POST', body: '{}',
        headers: { 'Content-Type': 'application/json', 'Accept-API-Version': 'resource=2.0', [cookie]: token, 'X-Test-Client': client },
    });
    return response.status;
}

// Redis refuses nginx while `then` runs.
export async function withoutRedis(token, then) {
    redis('ACL', 'SETUSER', 'mfa-reset', 'off');
    redis('CLIENT', 'KILL', 'USER', 'mfa-reset');
    try {
        await until('nginx has no Redis', async () => await statusOf(token, '10.255.0.1') === 503);
        await then();
    } finally {
        redis('ACL', 'SETUSER', 'mfa-reset', 'on');
        await until('nginx has Redis again', async () => await statusOf(token, '10.255.0.2') === 200);
    }
}

// Redis takes commands and does not answer them while `then` runs.
export async function withRedisPaused(token, then) {
    redis('CLIENT', 'PAUSE', 1000000, 'WRITE');
    try {
        await then();
    } finally {
        redis('CLIENT', 'UNPAUSE');
        await until('nginx has Redis again', async () => await statusOf(token, '10.255.0.3') === 200);
    }
}

// What the example's proxies lead to while `then` runs: `answer(request, response)`.
export async function withBackend(answer, then) {
    const server = createServer(answer);
    await new Promise((resolve) => { server.listen(`${directory}/backend.sock`, resolve); });
    chmodSync(`${directory}/backend.sock`, 0o777);
    try {
        await then();
    } finally {
        server.close();
        server.closeAllConnections();
    }
}

// ---- the pages' configuration

const shipped = JSON.parse(readFileSync(new URL('../../../www/config.json', import.meta.url), 'utf8'));

export function configure(changes = {}) {
    writeFileSync(`${directory}/www/config.json`, JSON.stringify({ ...shipped, ...changes }));
}
