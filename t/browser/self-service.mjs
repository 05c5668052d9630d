// Self-service: every action of users on their own devices, by mouse and by keyboard.
import assert from 'node:assert/strict';
import { accessible, device, dialog, focused, names, notice, pageTest, says, settled } from './lib/browser.mjs';
import { configure, enrol, logIn, profile, redis, securityKey, until } from './lib/edge.mjs';

const page = '/devices/';
let users = 0;

// A user with devices of all kinds, and a session. `fields` go into the record.
function someone(devices = {}, session = {}) {
    const user = `user${++users}`;
    const all = {
        oath: [profile('Phone'), profile('Tablet')], push: [profile('Push phone')], webauthn: [securityKey('Blue key')],
        ...devices,
    };
    return { user, record: enrol('/alpha', user, all), token: logIn('/alpha', user, session), devices: all };
}

configure();

pageTest('the page shows who is signed in, and devices of all kinds in one list', page,
    () => someone({ push2faEnabled: 2 }), async (p, { user }) => {
        await device(p, 'Phone').waitFor();
        assert.equal(await p.locator('#who').textContent(), `Signed in as ${user} in realm /alpha`);
        assert.deepEqual(await names(p), ['Phone', 'Tablet', 'Push phone', 'Blue key']);
        const shown = await device(p, 'Phone').textContent();
        assert.match(shown, /One-time passwords \(app\).*Nov 14, 2023.*Nov 18, 2026/);
        assert.match(await device(p, 'Blue key').textContent(), /Security key or passkey/);
        assert.equal(await p.title(), 'Your second factors');
        for (const label of ['Rename Phone, One-time passwords (app)', 'Remove Blue key, Security key or passkey']) {
            assert.equal(await p.getByRole('button', { name: label, exact: true }).count(), 1, 'a button says what it is for');
        }
        await settled(p);
        await accessible(p);
    });

pageTest('unknown dates are shown as unknown', page,
    () => someone({ oath: [profile('Old', { createdDate: undefined, lastAccessDate: undefined })] }), async (p) => {
        assert.match(await device(p, 'Old').textContent(), /Addedunknown.*Last usedunknown/);
    });

pageTest('a name is text, whatever is in it', page,
    () => someone({ oath: [profile('<img src=x onerror=alert(1)>')], push: undefined, webauthn: undefined }), async (p) => {
        await p.locator('.device').waitFor();
        assert.deepEqual(await names(p), ['<img src=x onerror=alert(1)>']);
        assert.equal(await p.locator('main img').count(), 0);
    });

pageTest('a device is removed after the dialog has said the consequence', page, () => someone(), async (p, { record, devices }) => {
    await device(p, 'Phone').getByRole('button', { name: 'Remove' }).click();
    const asked = await dialog(p, 'Remove “Phone”?');
    assert.match(await asked.textContent(), /you will be asked to register again at your next login/);
    await accessible(p);
    await asked.getByRole('button', { name: 'Remove' }).click();
    await says(p, 'Done: “Phone” was removed.');
    assert.deepEqual(await names(p), ['Tablet', 'Push phone', 'Blue key']);
    assert.equal(redis('HGET', record, 'oathDeviceProfiles'), JSON.stringify([devices.oath[1]]));
    assert.equal(await focused(p), 'devices-title');
    await accessible(p);
});

for (const [kind, name] of [['push', 'Push phone'], ['webauthn', 'Blue key']]) {
    pageTest(`the last device of ${kind} is removed`, page, () => someone(), async (p, { record }) => {
        await device(p, name).getByRole('button', { name: 'Remove' }).click();
        await (await dialog(p, `Remove “${name}”?`)).getByRole('button', { name: 'Remove' }).click();
        await says(p, `“${name}” was removed.`);
        assert.equal(redis('HEXISTS', record, `${kind}DeviceProfiles`), '0');
    });
}

pageTest('Cancel and Escape do nothing and give the focus back', page, () => someone(), async (p, { record }) => {
    const before = redis('HGETALL', record);
    const opener = device(p, 'Phone').getByRole('button', { name: 'Remove' });
    for (const leave of [(asked) => asked.getByRole('button', { name: 'Cancel' }).click(), () => p.keyboard.press('Escape')]) {
        await opener.click();
        const asked = await dialog(p, 'Remove “Phone”?');
        assert.equal(await focused(p), 'Cancel');
        await leave(asked);
        await asked.waitFor({ state: 'detached' });
        assert.equal(await opener.evaluate((one) => one === document.activeElement), true);
    }
    assert.equal(redis('HGETALL', record), before);
});

pageTest('the keyboard alone removes a device, and the focus stays in the dialog', page, () => someone(), async (p) => {
    const opener = device(p, 'Phone').getByRole('button', { name: 'Remove' });
    await opener.waitFor();
    await p.locator('body').focus();
    for (let tabs = 0; tabs < 20 && !await opener.evaluate((one) => one === document.activeElement); tabs++) {
        await p.keyboard.press('Tab');
    }
    await p.keyboard.press('Enter');
    const asked = await dialog(p, 'Remove “Phone”?');
    await p.keyboard.press('Tab');
    assert.equal(await focused(p), 'Remove');
    await p.keyboard.press('Tab');
    assert.equal(await asked.evaluate((one) => one.contains(document.activeElement) || document.activeElement === document.body), true);
    await asked.getByRole('button', { name: 'Remove' }).focus();
    await p.keyboard.press('Enter');
    await says(p, '“Phone” was removed.');
});

for (const [kind, name] of [['oath', 'Phone'], ['push', 'Push phone'], ['webauthn', 'Blue key']]) {
    pageTest(`a device of ${kind} is renamed`, page, () => someone(), async (p, { record, devices }) => {
        const opener = device(p, name).getByRole('button', { name: 'Rename' });
        await opener.click();
        const asked = await dialog(p, `Rename “${name}”`);
        assert.equal(await asked.getByLabel('New name').inputValue(), name);
        await accessible(p);
        await asked.getByLabel('New name').fill('Télé “7”');
        await p.keyboard.press('Enter');
        await says(p, 'The device is now called “Télé “7””.');
        await device(p, 'Télé “7”').waitFor();
        const stored = JSON.parse(redis('HGET', record, `${kind}DeviceProfiles`));
        assert.deepEqual(stored[0], JSON.parse(JSON.stringify({ ...devices[kind][0], deviceName: 'Télé “7”' })));
        assert.equal(await focused(p), 'Rename');
    });
}

pageTest('an invalid name is refused in the dialog', page, () => someone(), async (p, { record }) => {
    const before = redis('HGETALL', record);
    await device(p, 'Phone').getByRole('button', { name: 'Rename' }).click();
    const asked = await dialog(p, 'Rename “Phone”');
    for (const name of ['', 'é'.repeat(129)]) {
        await asked.getByLabel('New name').fill(name);
        await asked.getByRole('button', { name: 'Rename' }).click();
        await asked.getByRole('alert').filter({ hasText: 'A name has 1 to 256 bytes' }).waitFor();
        assert.equal(await focused(p), 'dialog-field');
        await accessible(p);
    }
    assert.equal(redis('HGETALL', record), before);
});

for (const [kind, label] of [['oath', 'Skip one-time passwords'], ['push', 'Skip push notifications']]) {
    pageTest(`skipping ${kind} is shown and changed`, page, () => someone({ [`${kind}2faEnabled`]: 2 }),
        async (p, { record }) => {
            const box = p.getByLabel(label);
            await box.waitFor();
            assert.equal(await box.isChecked(), false);
            await box.click();
            await says(p, 'this factor is skipped');
            assert.equal(await box.isChecked(), true);
            assert.equal(redis('HGET', record, `${kind}2faEnabled`), '1');
            await p.reload();
            await until('the box is checked', () => box.isChecked());
            await box.click();
            await says(p, 'this factor is not skipped');
            assert.equal(redis('HGET', record, `${kind}2faEnabled`), '2');
            assert.equal(await focused(p), `skip-${kind}`);
            await accessible(p);
        });
}

pageTest('“I lost everything” resets all, step by step', page,
    () => someone({ webauthn: [securityKey('Blue key'), securityKey('Red key')], oath2faEnabled: 2, push2faEnabled: 2 }),
    async (p, { record, user }) => {
        await p.getByRole('button', { name: 'Reset all' }).click();
        const asked = await dialog(p, 'Reset all second factors?');
        assert.match(await asked.textContent(), /You will be asked to register again at your next login/);
        await accessible(p);
        await asked.getByRole('button', { name: 'Reset all' }).click();
        await says(p, 'Done: Reset is complete.');
        assert.deepEqual(await p.locator('#step-list li').allTextContents(), [
            'Reset: One-time passwords (app): done', 'Reset: Push notifications (app): done',
            'Remove “Blue key”: done', 'Remove “Red key”: done', 'Look for security keys that are left: done']);
        await p.getByText('No device is registered.').waitFor();
        await accessible(p);
        const left = redis('HGETALL', record).split('\n');
        assert.deepEqual(left.filter((word) => /Profiles/.test(word)), []);
        assert.equal(redis('HMGET', record, 'uid', 'oath2faEnabled', 'push2faEnabled'), `${user}\n0\n0`);
        assert.equal(redis('XLEN', `${record}:events`), '4');
    });

pageTest('“Reset all” also removes security keys that the page has not seen', page, () => ({
    ...someone(),
    before: (p) => p.route('**/devices/2fa/webauthn?_queryFilter=true', (route) => route.abort('connectionreset'), { times: 1 }),
}), async (p, { record }) => {
    await p.getByText('It could not be read: Security key or passkey.').waitFor();
    await p.getByRole('button', { name: 'Reset all' }).click();
    await (await dialog(p, 'Reset all second factors?')).getByRole('button', { name: 'Reset all' }).click();
    await says(p, 'Done: Reset is complete.');
    assert.equal(await p.locator('#step-list li').last().textContent(), 'Remove “Blue key”: done');
    assert.doesNotMatch(redis('HKEYS', record), /Profiles/);
});

pageTest('dark, on a small screen: nothing is cut off, and nothing is unreadable', page,
    () => ({ ...someone({ oath: [profile('A name that is as long as names can be '.repeat(6).trim())] }), dark: true, width: 320 }),
    async (p) => {
        await p.locator('.device').first().waitFor();
        await settled(p);
        assert.equal(await p.evaluate(() => document.documentElement.scrollWidth), 320);
        assert.equal(await p.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(22, 24, 28)');
        await accessible(p);
        await p.getByRole('button', { name: 'Reset all' }).click();
        await dialog(p, 'Reset all second factors?');
        await accessible(p);
    });

pageTest('a user and a realm with odd names', page, () => {
    const user = 'Zoë/?#%+ *';
    enrol('/al pha', user, { oath: [profile('Odd')] });
    return { token: logIn('/al pha', user, { universalId: '' }) };
}, async (p) => {
    await device(p, 'Odd').getByRole('button', { name: 'Remove' }).click();
    await (await dialog(p, 'Remove “Odd”?')).getByRole('button', { name: 'Remove' }).click();
    await says(p, '“Odd” was removed.');
});

pageTest('the notice is a status that screen readers read out', page, () => someone(), async (p) => {
    assert.equal(await notice(p).getAttribute('role'), 'status');
});
