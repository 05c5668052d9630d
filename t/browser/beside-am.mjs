// In front of an AM: the sessions are AM's, and the pages and their calls are the same.
import assert from 'node:assert/strict';
import { accessible, device, dialog, pageTest, says } from './lib/browser.mjs';
import { amOrigin, configure, enrol, profile, redis, securityKey, withBackend } from './lib/edge.mjs';

configure();

// AM: knows the session of each `token-of-NAME`, with the level that the name ends in, and answers nothing else.
function am(request, response) {
    const token = /iPlanetDirectoryPro=token-of-([\w-]+)/i.exec(request.headers.cookie ?? '')?.[1];
    if (!request.url.startsWith('/openam/json/sessions?_action=getSessionInfo') || token === undefined) {
        response.writeHead(token === undefined ? 401 : 404, { 'Content-Type': 'application/json' });
        response.end('{"code":401,"reason":"Unauthorized","message":"Access Denied"}');
        return;
    }
    const level = /\d*$/.exec(token)[0];
    const realm = token === 'amAdmin' ? '/' : '/alpha';
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({
        username: token, realm, properties: level === '' ? {} : { AuthLevel: level },
        universalId: `id=${token},ou=user,${realm === '/' ? '' : 'o=alpha,'}ou=services,dc=example`,
    }));
}

function someone(user, asked = user) {
    const record = enrol('/alpha', user, { oath: [profile('Phone')], webauthn: [securityKey('Blue key')] });
    return { user, record, token: `token-of-${asked}`, at: amOrigin };
}

async function remove(p, typed) {
    await device(p, 'Phone').getByRole('button', { name: 'Remove' }).click();
    const asked = await dialog(p, 'Remove “Phone”?');
    if (typed !== undefined) {
        await asked.getByLabel(`Type ${typed} to confirm`).fill(typed);
    }
    await asked.getByRole('button', { name: 'Remove' }).click();
}

pageTest('without AM: not available', '/devices/', () => someone('user-0'), async (p) => {
    await says(p, 'The service is not available at the moment.');
});

pageTest('a user whose session has the level removes a device', '/devices/', () => someone('user-10'), async (p, { record }) => {
    await withBackend(am, async () => {
        await p.reload();
        await remove(p);
        await says(p, '“Phone” was removed.');
        await accessible(p);
    });
    assert.equal(redis('HEXISTS', record, 'oathDeviceProfiles'), '0');
});

pageTest('a user whose session has not', '/devices/', () => someone('user-1'), async (p) => {
    await withBackend(am, async () => {
        await p.reload();
        await remove(p);
        await says(p, 'Sign in with your second factor, or call the help desk.');
    });
});

pageTest('no session in AM', '/devices/', () => ({ at: amOrigin }), async (p) => {
    await withBackend(am, async () => {
        await p.reload();
        await says(p, 'You are not signed in');
    });
});

pageTest('the help desk as amAdmin', '/devices/help-desk.html?realm=alpha&user=user-11', () => someone('user-11', 'amAdmin'),
    async (p, { user }) => {
        await withBackend(am, async () => {
            await p.reload();
            await p.getByRole('heading', { name: `${user} in realm alpha` }).waitFor();
            await remove(p, user);
            await says(p, '“Phone” was removed.');
            await accessible(p);
        });
    });
