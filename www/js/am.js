// AM's REST API, as far as these pages call it.
import { call } from './http.js';

export const kinds = ['oath', 'push', 'webauthn'];
export const skippable = ['oath', 'push'];

// Whether it can be a part of a path: browsers take `.` and `..` for steps in it.
export function isName(name) {
    return name !== '' && name !== '.' && name !== '..' && !/[\u0000-\u001f\u007f]|\p{Surrogate}/u.test(name);
}

// `/alpha/eu` and `alpha/eu` as ['alpha', 'eu']; null if it can be no realm.
export function realmParts(realm) {
    const parts = realm.split('/').filter((part) => part !== '');
    return parts.every(isName) ? parts : null;
}

// The session that the browser's cookie is of: username, realm.
export function sessionInfo(am) {
    return call('POST', `${am}/json/sessions?_action=getSessionInfo`, { version: '2.0', body: {} });
}

// A user's devices. Every method returns what `call` does.
export class Account {
    #devices;

    // `realm` and `user` must be good for realmParts and isName.
    constructor(am, realm, user) {
        this.realm = realm;
        this.user = user;
        const realms = realmParts(realm).map((part) => `/realms/${encodeURIComponent(part)}`).join('');
        this.#devices = `${am}/json/realms/root${realms}/users/${encodeURIComponent(user)}/devices/2fa`;
    }

    list(kind) {
        return call('GET', `${this.#devices}/${kind}?_queryFilter=true`);
    }

    remove(kind, uuid) {
        return call('DELETE', this.#device(kind, uuid), { acts: true });
    }

    rename(kind, uuid, deviceName) {
        return call('PUT', this.#device(kind, uuid), { acts: true, body: { deviceName }, headers: { 'If-Match': '*' } });
    }

    reset(kind) {
        return call('POST', `${this.#devices}/${kind}?_action=reset`, { acts: true, body: {} });
    }

    skip(kind, value) {
        return call('POST', `${this.#devices}/${kind}?_action=skip`, { acts: true, body: { value } });
    }

    check(kind) {
        return call('POST', `${this.#devices}/${kind}?_action=check`, { body: {} });
    }

    // For a help desk: counts, last use, skip and locks; and what was done last, the newest first.
    factors() {
        return call('GET', `${this.#devices}?_queryFilter=true`);
    }

    events(count) {
        return call('GET', `${this.#devices}/events?_queryFilter=true&_pageSize=${count}`);
    }

    #device(kind, uuid) {
        return `${this.#devices}/${kind}/${encodeURIComponent(uuid)}`;
    }
}
