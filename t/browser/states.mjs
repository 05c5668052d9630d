// Every way in which a call can end that is not success: what the page says, and what the user can do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, device, dialog, names, open, pageTest, repeatUntil, says, settled } from './lib/browser.mjs';
import { configure, enrol, logIn, logOut, origin, profile, redis, securityKey, withRedisPaused, withoutRedis }
    from './lib/edge.mjs';

const page = '/devices/';
let users = 0;

function someone(session = {}, devices = { oath: [profile('Phone')], webauthn: [securityKey('Blue key')] }) {
    const user = `state${++users}`;
    return { user, record: enrol('/alpha', user, devices), token: logIn('/alpha', user, session) };
}

async function remove(p, name) {
    await device(p, name).getByRole('button', { name: 'Remove' }).click();
    await (await dialog(p, `Remove “${name}”?`)).getByRole('button', { name: 'Remove' }).click();
}

async function resetAll(p) {
    await p.getByRole('button', { name: 'Reset all' }).click();
    await (await dialog(p, 'Reset all second factors?')).getByRole('button', { name: 'Reset all' }).click();
}

configure();

pageTest('signed out: the login is offered, and comes back to this page', page, {}, async (p) => {
    await says(p, 'You are not signed in, or your session has ended.');
    const link = p.getByRole('link', { name: 'Sign in' });
    assert.equal(await link.getAttribute('href'),
        `${origin}/openam/XUI/?goto=${encodeURIComponent(`${origin}/devices/`)}#login/`);
    assert.equal(await p.locator('section:visible').count(), 0);
    await accessible(p);
});

pageTest('signed in: the logout is offered', page, someone, async (p) => {
    assert.equal(await p.getByRole('link', { name: 'Sign out' }).getAttribute('href'), `${origin}/openam/XUI/#logout/`);
});

pageTest('the session ends while the page is open', page, someone, async (p, { token, record }) => {
    await device(p, 'Phone').waitFor();
    logOut(token);
    await remove(p, 'Phone');
    await says(p, 'You are not signed in, or your session has ended.');
    await p.getByRole('link', { name: 'Sign in' }).waitFor();
    assert.equal(redis('HEXISTS', record, 'oathDeviceProfiles'), '1');
    await accessible(p);
});

pageTest('empty: no device is registered', page, () => someone({}, {}), async (p) => {
    await p.getByText('No device is registered.').waitFor();
    await settled(p);
    await accessible(p);
});

pageTest('empty: a user without a record', page, () => ({ token: logIn('/alpha', 'never-enrolled') }), async (p) => {
    await p.getByText('No device is registered.').waitFor();
    await resetAll(p);
    await says(p, 'Reset is complete.');
});

test('loading is said until the devices are there', async () => {
    let release = () => {};
    const held = new Promise((resolve) => { release = resolve; });
    const before = (p) => p.route('**/devices/2fa/oath?_queryFilter=true', async (route) => {
        await held;
        await route.continue();
    });
    const { page: p, context, noticed } = await open(page, { ...someone(), before });
    await says(p, 'Loading…');
    assert.equal(await p.locator('main').getAttribute('aria-busy'), 'true');
    await accessible(p);
    release();
    await device(p, 'Phone').waitFor();
    await settled(p);
    assert.deepEqual(noticed, []);
    await context.close();
});

for (const [what, session] of [['too low', { authLevel: 0 }], ['absent', { authLevel: '' }]]) {
    pageTest(`403 by level, ${what}: sign in with the second factor, or call the help desk`, page, () => someone(session),
        async (p, { record }) => {
            await remove(p, 'Phone');
            await says(p, 'Sign in with your second factor, or call the help desk.');
            await p.getByRole('link', { name: 'Sign in' }).waitFor();
            await accessible(p);
            await device(p, 'Phone').getByRole('button', { name: 'Rename' }).click();
            await (await dialog(p, 'Rename “Phone”')).getByRole('button', { name: 'Rename' }).click();
            await says(p, 'Sign in with your second factor');
            await resetAll(p);
            await says(p, 'Reset stopped. Still left: Reset: One-time passwords (app), Reset: Push');
            await p.getByLabel('Skip one-time passwords').click();
            await says(p, 'Sign in with your second factor');
            assert.equal(await p.getByLabel('Skip one-time passwords').isChecked(), false);
            assert.equal(redis('HEXISTS', record, 'oathDeviceProfiles'), '1');
        });
}

pageTest('403 of another kind: an agent has no devices of its own', page,
    () => someone({ universalId: 'id=state,ou=agent,o=alpha,dc=example' }), async (p) => {
        await says(p, 'You are not allowed to do this. Call the help desk.');
        assert.equal(await p.locator('section:visible').count(), 0);
        await accessible(p);
    });

pageTest('users may look and not act (mfa_reset_am_self off)', page, () => {
    configure({ am: '/no-self' });
    return someone();
}, async (p, { record }) => {
    await remove(p, 'Phone');
    await says(p, 'You are not allowed to do this. Call the help desk.');
    assert.equal(redis('HEXISTS', record, 'oathDeviceProfiles'), '1');
    configure();
});

pageTest('done, and then the devices cannot be read: both are said', page, someone, async (p) => {
    await device(p, 'Phone').waitFor();
    await p.route('**/devices/2fa/*?_queryFilter=true', (route) => route.abort('connectionreset'));
    await remove(p, 'Phone');
    await says(p, 'Please note: “Phone” was removed.');
    await says(p, 'What there is now could not be read.');
    await accessible(p);
    await p.unroute('**/devices/2fa/*?_queryFilter=true');
    await p.getByRole('button', { name: 'Try again' }).click();
    await says(p, 'Done: “Phone” was removed.');
    assert.deepEqual(await names(p), ['Blue key']);
});

pageTest('429: nothing was done, and it can be tried again', page, someone, async (p, { record }) => {
    await device(p, 'Phone').waitFor();
    await p.setExtraHTTPHeaders({ 'X-Test-Limit': 'reached' });
    await remove(p, 'Phone');
    await says(p, 'Too many requests. Nothing was done.');
    await accessible(p);
    assert.equal(redis('HEXISTS', record, 'oathDeviceProfiles'), '1');
    await p.setExtraHTTPHeaders({});
    await p.getByRole('button', { name: 'Try again' }).click();
    await says(p, '“Phone” was removed.');
});

pageTest('503 while opening: it can be tried again', page, someone, async (p, { token }) => {
    await device(p, 'Phone').waitFor();
    await withoutRedis(token, async () => {
        await p.reload();
        await says(p, 'The service is not available at the moment. Nothing was done.');
        await accessible(p);
    });
    await repeatUntil(p, 'Blue key');
});

pageTest('503 of an act: nothing was done, and it can be tried again', page, someone, async (p, { token, record }) => {
    await device(p, 'Phone').waitFor();
    await withoutRedis(token, async () => {
        await remove(p, 'Phone');
        await says(p, 'The service is not available at the moment. Nothing was done.');
        await accessible(p);
        assert.equal(redis('HEXISTS', record, 'oathDeviceProfiles'), '1');
    });
    await repeatUntil(p, '“Phone” was removed.');
});

pageTest('an answer that is lost: it may have happened, and is safe to repeat', page, someone, async (p, { token, record }) => {
    const box = p.getByLabel('Skip one-time passwords');
    await box.waitFor();
    await withRedisPaused(token, async () => {
        await box.click();
        await says(p, 'it may have happened. It is safe to repeat.');
        await accessible(p);
    });
    await p.getByRole('button', { name: 'Repeat' }).waitFor();
    await repeatUntil(p, 'this factor is skipped');
    assert.equal(redis('HGET', record, 'oath2faEnabled'), '1');
});

pageTest('an answer that is lost while all is reset: it goes on from there', page, someone, async (p, { token, record }) => {
    await device(p, 'Phone').waitFor();
    await withRedisPaused(token, async () => {
        await resetAll(p);
        await says(p, 'it may have happened. It is safe to repeat.');
        assert.match((await p.locator('#step-list li').allTextContents())[0], /: may have happened$/);
        await accessible(p);
    });
    await p.getByRole('button', { name: 'Continue' }).waitFor();
    await repeatUntil(p, 'Reset is complete.');
    assert.doesNotMatch(redis('HKEYS', record), /Profiles/);
});

pageTest('a connection that is lost before the call arrives: the same', page, someone, async (p) => {
    await device(p, 'Phone').waitFor();
    await p.route('**/devices/2fa/oath/*', (route) => route.abort('connectionreset'), { times: 1 });
    await remove(p, 'Phone');
    await says(p, 'it may have happened. It is safe to repeat.');
    await p.getByRole('button', { name: 'Repeat' }).click();
    await says(p, '“Phone” was removed.');
});

pageTest('a connection that is lost after the call has arrived: repeated, it is not there any more', page, someone,
    async (p, { record }) => {
        await device(p, 'Phone').waitFor();
        await p.route('**/devices/2fa/oath/*', async (route) => {
            await route.fetch();
            await route.abort('connectionreset');
        }, { times: 1 });
        await remove(p, 'Phone');
        await says(p, 'it may have happened. It is safe to repeat.');
        assert.deepEqual(await names(p), ['Blue key']);
        assert.equal(redis('HEXISTS', record, 'oathDeviceProfiles'), '0');
        await p.getByRole('button', { name: 'Repeat' }).click();
        await says(p, 'It is not there any more.');
    });

pageTest('a reset of all that is stopped says what is left, and continues', page,
    () => someone({}, { oath: [profile('Phone')], push: [profile('Push phone')], webauthn: [securityKey('Blue key')] }),
    async (p, { record }) => {
        await device(p, 'Phone').waitFor();
        await p.route('**/devices/2fa/push?_action=reset', (route) => route.abort('connectionreset'), { times: 1 });
        await resetAll(p);
        await says(p, 'Reset stopped. Still left: Reset: Push notifications (app), Remove “Blue key”, and Look for security keys that are left.');
        await says(p, 'safe to repeat');
        assert.deepEqual(await p.locator('#step-list li').allTextContents(), ['Reset: One-time passwords (app): done',
            'Reset: Push notifications (app): may have happened', 'Remove “Blue key”: waiting',
            'Look for security keys that are left: waiting']);
        assert.deepEqual(await names(p), ['Push phone', 'Blue key']);
        await accessible(p);
        await p.getByRole('button', { name: 'Continue' }).click();
        await says(p, 'Reset is complete.');
        assert.deepEqual(await names(p), []);
        assert.equal(redis('HEXISTS', record, 'webauthnDeviceProfiles'), '0');
    });

pageTest('a device that another window has removed', page, someone, async (p, { record }) => {
    await device(p, 'Phone').waitFor();
    redis('HDEL', record, 'oathDeviceProfiles');
    await remove(p, 'Phone');
    await says(p, 'It is not there any more.');
    assert.deepEqual(await names(p), ['Blue key']);
    await accessible(p);
});

pageTest('a kind that cannot be read: the others are shown, and which it was', page, someone, async (p) => {
    await device(p, 'Phone').waitFor();
    await p.route('**/devices/2fa/webauthn?_queryFilter=true', (route) => route.abort('connectionreset'));
    await p.reload();
    await p.getByText('The list is incomplete. It could not be read: Security key or passkey.').waitFor();
    assert.deepEqual(await names(p), ['Phone']);
    await accessible(p);
});

pageTest('500: something went wrong', page, () => {
    const made = someone();
    redis('DEL', made.record);
    redis('SET', made.record, 'no hash');
    return made;
}, async (p, { record }) => {
    await says(p, 'Something went wrong (status 500).');
    await accessible(p);
    redis('DEL', record);
});

for (const [problem, changes] of [
    ['login is not of this origin', { login: 'https://elsewhere.example/login' }],
    ['logout is not of this origin', { logout: 'javascript:alert(1)' }],
    ['am is not of this origin', { am: '//elsewhere.example/openam' }],
    ['languages is not a list of language codes', { languages: ['../en'] }]]) {
    pageTest(`a wrong configuration is refused: ${problem}`, page, () => {
        configure(changes);
        return someone();
    }, async (p) => {
        await says(p, `This page is not configured correctly: ${problem}.`);
        configure();
    });
}
