// The help desk: finding a user, what is shown of factors, locks and events, and the acts of an administrator.
import assert from 'node:assert/strict';
import { accessible, device, dialog, focused, names, pageTest, repeatUntil, says, settled } from './lib/browser.mjs';
import { configure, enrol, logIn, profile, redis, secret, securityKey, withRedisPaused, withoutRedis } from './lib/edge.mjs';

const page = '/devices/help-desk.html';
let users = 0;

function admin() {
    return { token: logIn('/', `desk${users}`, { admin: '/alpha' }) };
}

function someone(more = {}) {
    const user = `caller${++users}`;
    const record = enrol('/alpha', user, {
        oath: [profile('Phone'), 'eyJhbGciOiJSU0ExXzUi.a.b.c.d'], push: [profile('Push phone')],
        webauthn: [securityKey('Blue key'), securityKey('Red key')], oath2faEnabled: 2, push2faEnabled: 1, ...more,
    });
    return { user, record, ...admin() };
}

async function search(p, user, realm = '/alpha') {
    await p.getByLabel('Realm').fill(realm);
    await p.getByLabel('User').fill(user);
    await p.keyboard.press('Enter');
}

async function found(p, user) {
    await search(p, user);
    await p.getByRole('heading', { name: `${user} in realm /alpha` }).waitFor();
    await settled(p);
}

async function rows(p, id) {
    const all = await p.locator(`#${id} tbody tr`).all();
    return Promise.all(all.map((row) => row.locator('th, td').allTextContents()));
}

async function confirm(p, title, user, action) {
    const asked = await dialog(p, title);
    await asked.getByLabel(`Type ${user} to confirm`).fill(user);
    await asked.getByRole('button', { name: action }).click();
}

configure();

pageTest('a user is found: factors with counts, last use and skip; nothing is shown before', page, someone, async (p, { user }) => {
    await p.getByLabel('User').waitFor();
    assert.equal(await p.getByRole('button', { name: /Reset|Remove/ }).count(), 0);
    await settled(p);
    await accessible(p);
    await found(p, user);
    assert.equal(await focused(p), 'subject');
    assert.deepEqual((await rows(p, 'factors')).map((row) => row.slice(0, 4)), [
        ['One-time passwords (app)', '2', 'Nov 18, 2026, 11:06 AM', 'no'],
        ['Push notifications (app)', '1', 'Nov 18, 2026, 11:06 AM', 'yes'],
        ['Security key or passkey', '2', 'Nov 18, 2026, 11:06 AM', '–']]);
    assert.deepEqual(await names(p), ['Phone', 'Push phone', 'Blue key', 'Red key']);
    await p.getByText('1 device is encrypted and not listed. A reset removes it.').waitFor();
    await p.getByText('No events.').waitFor();
    await accessible(p);
});

pageTest('locks are shown with their end, the time left, and where to clear them', page, () => someone({
    'challenge:ChallengeSMS': 10, 'lock:ChallengeSMS': Date.now() + 1800000, 'challenge:ChallengeEmail': 3,
    'lock:ChallengeOMATOTP': Date.now() - 1000, 'challenge:ChallengeOMATOTP': 1,
}), async (p, { user }) => {
    await found(p, user);
    const locks = Object.fromEntries((await rows(p, 'locks')).map(([name, ...rest]) => [name, rest]));
    assert.deepEqual(locks.ChallengeEmail, ['3', 'Not locked']);
    assert.deepEqual(locks.ChallengeOMATOTP, ['1', 'Not locked']);
    assert.equal(locks.ChallengeSMS[0], '10');
    assert.match(locks.ChallengeSMS[1], /^Locked until \w+ \d+, \d+, \d+:\d+ [AP]M \(in (29|30) minutes\)$/);
    await p.getByText('DELETE …/challengecounter/v1').waitFor();
    await accessible(p);
});

pageTest('the time left of a lock counts down, and the lock ends', page, async () => ({
    ...someone({ 'challenge:ChallengeSMS': 10, 'lock:ChallengeSMS': Date.now() + 1800000 }),
    before: (p) => p.clock.install(),
}), async (p, { user }) => {
    await found(p, user);
    await p.clock.fastForward(1200000);
    await p.getByText(/\(in (9|10) minutes\)/).waitFor();
    await p.clock.fastForward(1200000);
    await p.locator('#locks').getByText('Not locked').waitFor();
});

pageTest('one device is removed after the name was typed, and the event is shown', page, someone, async (p, { user, record }) => {
    await found(p, user);
    await device(p, 'Blue key').getByRole('button', { name: 'Remove' }).click();
    const asked = await dialog(p, 'Remove “Blue key”?');
    assert.match(await asked.textContent(), new RegExp(`${user} will be asked to register again at the next login`));
    assert.equal(await focused(p), 'dialog-field');
    await asked.getByLabel(`Type ${user} to confirm`).fill('another');
    await asked.getByRole('button', { name: 'Remove' }).click();
    await asked.getByRole('alert').filter({ hasText: `Type ${user} to confirm` }).waitFor();
    await accessible(p);
    assert.equal(redis('XLEN', `${record}:events`), '0');
    await confirm(p, 'Remove “Blue key”?', user, 'Remove');
    await says(p, '“Blue key” was removed.');
    assert.deepEqual(await names(p), ['Phone', 'Push phone', 'Red key']);
    const [event] = await rows(p, 'events');
    assert.deepEqual(event.slice(1, 3), ['removed one', 'Security key or passkey']);
    assert.match(event[3], /^id=desk/);
    assert.match(event[4], /^10\./);
    assert.equal(event[5], '1');
    await accessible(p);
});

for (const [kind, label] of [['oath', 'One-time passwords (app)'], ['push', 'Push notifications (app)'],
    ['webauthn', 'Security key or passkey']]) {
    pageTest(`one factor is reset: ${kind}`, page, someone, async (p, { user, record }) => {
        await found(p, user);
        await p.getByRole('button', { name: `Reset: ${label}` }).click();
        await accessible(p);
        await confirm(p, `Reset: ${label}?`, user, 'Reset');
        await says(p, 'Reset is complete.');
        const left = ['oath', 'push', 'webauthn'].filter((one) => redis('HEXISTS', record, `${one}DeviceProfiles`) === '1');
        assert.deepEqual(left, ['oath', 'push', 'webauthn'].filter((one) => one !== kind));
    });
}

pageTest('all factors are reset', page, someone, async (p, { user, record }) => {
    await found(p, user);
    await p.getByRole('button', { name: 'Reset all' }).click();
    await confirm(p, 'Reset all second factors?', user, 'Reset all');
    await says(p, 'Reset is complete.');
    assert.equal(await p.locator('#step-list li').count(), 5);
    await p.getByText('No device is registered.').waitFor();
    assert.doesNotMatch(redis('HKEYS', record), /Profiles/);
    await accessible(p);
});

pageTest('a reset that is stopped says what is left, and continues', page, someone, async (p, { user }) => {
    await found(p, user);
    await p.route('**/devices/2fa/webauthn/*', (route) => route.abort('connectionreset'), { times: 1 });
    await p.getByRole('button', { name: 'Reset all' }).click();
    await confirm(p, 'Reset all second factors?', user, 'Reset all');
    await says(p, 'Still left: Remove “Blue key”, Remove “Red key”, and Look');
    await accessible(p);
    await p.getByRole('button', { name: 'Continue' }).click();
    await says(p, 'Reset is complete.');
});

pageTest('realm and user in the address: the user is shown', () => `${page}?realm=%2Falpha&user=caller1`,
    admin, async (p) => {
        await p.getByRole('heading', { name: 'caller1 in realm /alpha' }).waitFor();
    });

pageTest('another user is shown in the place of the first', page, someone, async (p, { user }) => {
    const { user: other } = someone();
    await found(p, user);
    await search(p, other);
    await p.getByRole('heading', { name: `${other} in realm /alpha` }).waitFor();
    assert.equal(await p.getByRole('heading', { name: `${user} in realm /alpha` }).count(), 0);
});

pageTest('a user whose reads are late does not take the place of the one asked for since', page, someone, async (p, { user }) => {
    const { user: other } = someone();
    let release = () => {};
    const held = new Promise((resolve) => { release = resolve; });
    await p.route(`**/users/${user}/devices/2fa?_queryFilter=true`, async (route) => {
        await held;
        await route.continue();
    });
    await search(p, user);
    await search(p, other);
    await p.getByRole('heading', { name: `${other} in realm /alpha` }).waitFor();
    const late = p.waitForResponse(`**/users/${user}/devices/2fa?_queryFilter=true`);
    release();
    await (await late).finished();
    await p.evaluate(() => new Promise((resolve) => { setTimeout(resolve); }));
    await p.getByRole('heading', { name: `${other} in realm /alpha` }).waitFor();
});

// ---- refused: nothing can be done

async function refused(p, text) {
    await says(p, text);
    assert.equal(await p.getByRole('button', { name: /Reset|Remove/ }).count(), 0);
    await accessible(p);
}

pageTest('signed out', page, {}, (p) => refused(p, 'You are not signed in'));

pageTest('no administrator: nothing is shown', page, () => ({ ...someone(), token: logIn('/alpha', 'eve') }), async (p, { user }) => {
    await search(p, user);
    await refused(p, 'You are not allowed to see or change users of this realm.');
});

pageTest('an administrator of another realm', page, () => ({ ...someone(), token: logIn('/', 'else', { admin: '/beta' }) }),
    async (p, { user }) => {
        await search(p, user);
        await refused(p, 'You are not allowed to see or change users of this realm.');
    });

pageTest('an unknown user', page, admin, async (p) => {
    await search(p, 'no-such');
    await refused(p, 'There is no user no-such with second factors in realm /alpha.');
});

for (const name of ['.', '..', 'a\u0007b']) {
    pageTest(`a name that cannot be one: ${JSON.stringify(name)}`, page, admin, async (p) => {
        await p.getByLabel('User').waitFor();
        await p.getByLabel('User').evaluate((input, value) => { input.value = value; }, name);
        await p.getByRole('button', { name: 'Show' }).click();
        await refused(p, 'This cannot be the name of a user or a realm.');
    });
}

pageTest('429', page, someone, async (p, { user }) => {
    await p.getByLabel('User').waitFor();
    await p.setExtraHTTPHeaders({ 'X-Test-Limit': 'reached' });
    await search(p, user);
    await refused(p, 'Too many requests.');
});

pageTest('503: nothing is shown any more, and it can be tried again', page, someone, async (p, { user, token }) => {
    await found(p, user);
    await withoutRedis(token, async () => {
        await search(p, user);
        await refused(p, 'The service is not available at the moment.');
    });
    await repeatUntil(p, `${user} in realm /alpha`);
});

pageTest('an answer that is lost: it may have happened, and goes on from there', page, someone, async (p, { user, token, record }) => {
    await found(p, user);
    await withRedisPaused(token, async () => {
        await p.getByRole('button', { name: 'Reset: Push' }).click();
        await confirm(p, 'Reset: Push notifications (app)?', user, 'Reset');
        await refused(p, 'it may have happened. It is safe to repeat.');
    });
    await p.getByRole('button', { name: 'Continue' }).waitFor();
    await repeatUntil(p, 'Reset is complete.');
    assert.equal(redis('HEXISTS', record, 'pushDeviceProfiles'), '0');
});

pageTest('one read of many that fails hides every act', page, someone, async (p, { user }) => {
    await found(p, user);
    await p.route('**/devices/2fa/events?*', (route) => route.abort('connectionreset'));
    await search(p, user);
    await refused(p, 'The service is not available at the moment.');
});

pageTest('dark, on a small screen', page, () => ({ ...someone({ 'challenge:ChallengeSMS': 4 }), dark: true, width: 320 }),
    async (p, { user }) => {
        await found(p, user);
        assert.equal(await p.evaluate(() => document.documentElement.scrollWidth), 320);
        await accessible(p);
        assert.ok(!(await p.content()).includes(secret));
    });
