// Makes the calls with the unmodified @servicestack/client, and prints a line for each:
// `ok NAME`, or what was expected and found. calls.mjs MODULES URL SECRET-FILE
//
// Codes and tokens are made here, by node's crypto.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { ResetTwoFactorAuthenticationRequest, ResetTwoFactorAuthenticationResponse } from './dtos.mjs';

const [modules, url, secretFile] = process.argv.slice(2);
const { JsonServiceClient } =
    await import(pathToFileURL(`${modules}/@servicestack/client/dist/servicestack-client.mjs`));
const secret = readFileSync(secretFile, 'utf8').trim();
const deviceKey = Buffer.from('3132333435363738393031323334353637383930', 'hex');

// RFC 6238, of the step that is so many after this one.
function code(ahead = 0) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + ahead));
    const digest = createHmac('sha1', deviceKey).update(counter).digest();
    const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
    return String(number % 1000000).padStart(6, '0');
}

function wrongCode() {
    const near = [-3, -2, -1, 0, 1, 2, 3].map(code);
    return ['000000', '000001', '000002', '000003', '000004', '000005', '000006', '000007']
        .find((each) => !near.includes(each));
}

function token(claims, { alg = 'HS256', key = secret } = {}) {
    const now = Math.floor(Date.now() / 1000);
    const all = { sub: 1, iat: now, exp: now + 3600, name: 'Alice', roles: ['Admin'], organisationId: 'org-7', ...claims };
    const text = [{ typ: 'JWT', alg }, all].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const signature = alg === 'HS256' ? createHmac('sha256', key).update(text).digest('base64url') : '';
    return `${text}.${signature}`;
}

// What the client throws does not say the status; its filter for exceptions sees it.
const statusOf = new Map();

function client(basePath) {
    const made = new JsonServiceClient(url);
    if (basePath !== undefined) made.basePath = basePath;
    made.exceptionFilter = (response, error) => { statusOf.set(error, response.status); };
    return made;
}

const bySession = (id) => { const made = client(); made.headers.set('X-ss-id', id); return made; };
const byToken = (bearer) => { const made = client(); made.bearerToken = bearer; return made; };
const byCookie = (cookies) => {
    const made = client();
    for (const [name, value] of Object.entries(cookies)) made.cookies[name] = { name, value, path: '/' };
    return made;
};
const request = (members) => new ResetTwoFactorAuthenticationRequest(
    { targetUserId: 'u-42', organisationId: 'org-7', ...members });

function say(name, expected, found) {
    console.log(isDeepStrictEqual(expected, found) ? `ok ${name}`
        : `${name}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
}

// The example lets each address make 5 calls a second.
const pause = () => new Promise((go) => { setTimeout(go, 150); });

async function succeeds(name, promise) {
    try {
        const response = await promise;
        say(name, [true, {}], [response !== null && typeof response === 'object', { ...response }]);
    } catch (error) {
        say(name, 'a response', error.responseStatus ?? String(error));
    }
    await pause();
}

// The client throws the error's body, with its whole responseStatus.
async function fails(name, promise, statusCode, errorCode, message, errors = []) {
    try {
        await promise;
        say(name, errorCode, 'a response');
    } catch (error) {
        say(`${name}: its status`, statusCode, statusOf.get(error));
        say(`${name}: its responseStatus`, { errorCode, message, errors }, error.responseStatus);
    }
    await pause();
}

const empty = (fieldName, propertyName) => ({
    errorCode: 'NotEmpty', fieldName, message: `'${propertyName}' must not be empty.`, meta: { PropertyName: propertyName },
});

// Each caller has a device of the same key, and codes of its own to use up.
await succeeds('put by session', bySession('session-of-admin-1').put(request({ callerCode: code() })));
await fails('a used code', bySession('session-of-admin-1').put(request({ callerCode: code() })),
    403, 'InvalidCallerCode', 'Invalid caller code');
await fails('an unknown user', bySession('session-of-admin-1').put(request({ targetUserId: 'u-43', callerCode: code(1) })),
    404, 'NotFound', 'User not found');
await succeeds('put to /json/reply/', (() => {
    const made = client(null);
    made.headers.set('X-ss-id', 'session-of-admin-2');
    return made.put(request({ callerCode: code() }));
})());
await succeeds('putToUrl', bySession('session-of-admin-3').putToUrl('/users/2fa/reset', request({ callerCode: code() })));
await succeeds('put by cookie', byCookie({ 'ss-id': 'session-of-admin-4', 'ss-opt': 'temp' }).put(request({ callerCode: code() })));
await succeeds('put by permanent cookie',
    byCookie({ 'ss-pid': 'session-of-admin-5', 'ss-opt': 'perm' }).put(request({ callerCode: code() })));
await succeeds('put by token', byToken(token({ sub: 6 })).put(request({ callerCode: code() })));
await succeeds('put by the cookie of a token', byCookie({ 'ss-tok': token({ sub: 'auth|7' }) }).put(request({ callerCode: code() })));

await fails('nobody', client().put(request({ callerCode: code() })), 401, 'Unauthorized', 'Not Authenticated');
await fails('no such session', bySession('no-such-session').put(request({ callerCode: code() })), 401, 'Unauthorized', 'Not Authenticated');
await fails('alg none', byToken(token({}, { alg: 'none' })).put(request({ callerCode: code() })), 401, 'Unauthorized', 'Not Authenticated');
await fails('another key', byToken(token({}, { key: 'x'.repeat(40) })).put(request({ callerCode: code() })),
    401, 'Unauthorized', 'Not Authenticated');
await fails('an expired token', byToken(token({ exp: 1 })).put(request({ callerCode: code() })), 401, 'TokenException', 'Token has expired');
await fails('no role', byToken(token({ roles: ['User'] })).put(request({ callerCode: code() })), 403, 'Forbidden', 'Forbidden');
await fails('another organisation', byToken(token({})).put(request({ organisationId: 'org-8', callerCode: code() })), 403, 'Forbidden', 'Forbidden');
await fails('nothing given', byToken(token({})).put(new ResetTwoFactorAuthenticationRequest()), 400, 'NotEmpty',
    "'Target User Id' must not be empty.", [empty('TargetUserId', 'Target User Id'), empty('CallerCode', 'Caller Code')]);
await fails('a code in the query', byToken(token({})).put(request({}), { callerCode: code() }), 400, 'NotAllowed',
    "'Caller Code' is not allowed in the query.");
for (let wrong = 0; wrong < 5; ++wrong) {
    await fails(`wrong code ${wrong}`, byToken(token({ sub: 8 })).put(request({ callerCode: wrongCode() })),
        403, 'InvalidCallerCode', 'Invalid caller code');
}
await fails('locked out', byToken(token({ sub: 8 })).put(request({ callerCode: code() })), 429, 'TooManyAttempts', 'Too many wrong codes');
await fails('another method', byToken(token({})).get(new ResetTwoFactorAuthenticationRequest()), 404, 'NotFound', 'Not Found');

const api = await byToken(token({ sub: 9 })).api(request({ callerCode: code() }), undefined, 'PUT');
say('api()', [true, undefined], [api.succeeded, api.error]);
say('api() makes a response', {}, { ...api.response });
