// One call of AM's REST API, and how it ended.

const limit = 20000;  // milliseconds

// A refusal that is not for the status alone to explain. Its message is the API's, in English.
function refusalOf(status, message) {
    if (status === 403) {
        return /^user not permitted/i.test(message) ? 'level' : 'forbidden';
    }
    const gone = /^User device, /.test(message) ? 'gone' : 'unknown';
    return /^User/.test(message) ? gone : /^Realm /.test(message) ? 'realm' : 'unsupported';
}

// Without an answer of the module's own, a call that acts may have acted.
function lost(acts) {
    return acts ? 'uncertain' : 'unavailable';
}

function kindOf(status, data, acts) {
    switch (status) {
    case 200:
        return data === null ? 'failed' : 'ok';
    case 401:
        return 'signedOut';
    case 403:
    case 404:
        return refusalOf(status, String(data?.message ?? ''));
    case 429:
        return 'tooMany';
    case 501:
        return 'unsupported';
    case 502:
    case 504:
        return lost(acts);
    case 503:
        return data !== null && data.detail === undefined ? 'unavailable' : lost(acts);
    default:
        return 'failed';
    }
}

function parsed(body) {
    try {
        const value = JSON.parse(body);
        return typeof value === 'object' ? value : null;
    } catch {
        return null;
    }
}

// Never throws. `acts` says that it changes something; `version` is of the resource. Returns { kind, status, data }, of
// which `kind` is ok, signedOut, level, forbidden, unknown (user), realm, gone (device), tooMany, unavailable (nothing
// was done), uncertain (it may have happened), unsupported or failed.
export async function call(method, url, { body, version = '1.0', acts = false, headers = {} } = {}) {
    const all = { 'Accept-API-Version': `protocol=2.1,resource=${version}`, 'X-Requested-With': 'XMLHttpRequest', ...headers };
    if (body !== undefined) {
        all['Content-Type'] = 'application/json';
    }
    try {
        const response = await fetch(url, {
            method, headers: all, body: body === undefined ? undefined : JSON.stringify(body), cache: 'no-store',
            credentials: 'same-origin', redirect: 'error', signal: AbortSignal.timeout(limit),
        });
        const data = parsed(await response.text());
        return { kind: kindOf(response.status, data, acts), status: response.status, data };
    } catch {
        return { kind: lost(acts), status: 0, data: null };
    }
}
