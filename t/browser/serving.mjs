// How conf-examples/self-service.conf serves the pages: policy, types, cookies, under another path.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { device, dialog, pageTest, says } from './lib/browser.mjs';
import { configure, enrol, logIn, origin, profile, statusOf, withBackend } from './lib/edge.mjs';

const www = new URL('../../www/', import.meta.url);
const types = { html: 'text/html', css: 'text/css', js: 'text/javascript', json: 'application/json', svg: 'image/svg+xml' };
const files = ['', 'js/', 'languages/'].flatMap((folder) =>
    readdirSync(new URL(folder, www), { withFileTypes: true }).filter((one) => one.isFile()).map((one) => folder + one.name));

configure();

for (const file of ['', ...files]) {
    test(`/devices/${file} has its type and the strict policy`, async () => {
        const answer = await fetch(`${origin}/devices/${file}`);
        assert.equal(answer.status, 200);
        assert.equal(answer.headers.get('content-type').replace(/;.*/, ''), types[(file || 'index.html').replace(/.*\./, '')]);
        const policy = answer.headers.get('content-security-policy').split('; ');
        assert.equal(policy[0], "default-src 'none'");
        for (const rule of policy.slice(1)) {
            assert.match(rule, /^[a-z-]+ '(self|none|script)'$/);
        }
        assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
        assert.equal(answer.headers.get('cache-control'), 'no-cache');
    });
}

test('/devices leads to /devices/', async () => {
    const answer = await fetch(`${origin}/devices`, { redirect: 'manual' });
    assert.equal(answer.headers.get('location'), '/devices/');
});

test('the pages have no scripts, styles or handlers in them', async () => {
    for (const page of ['', 'help-desk.html']) {
        const html = await (await fetch(`${origin}/devices/${page}`)).text();
        assert.doesNotMatch(html, /<script(?![^>]* src=)|<style| style=| on[a-z]+=|https?:/);
    }
});

test('limit_req lets the page open, and answers 429 to a client that asks too often', async () => {
    const answers = await Promise.all(Array.from({ length: 80 }, () => statusOf('token-of-none', '10.254.0.1')));
    assert.deepEqual([...new Set(answers)].sort(), [401, 429]);
    assert.ok(answers.filter((status) => status === 401).length > 20);
});

// A login that sets the session's cookie as it likes.
function login(request, response) {
    response.setHeader('Set-Cookie', `iPlanetDirectoryPro=${new URL(request.url, origin).searchParams.get('token')}; Path=/`);
    response.writeHead(302, { Location: '/devices/' });
    response.end();
}

pageTest('the login’s cookie is HttpOnly, Secure and SameSite=Lax, and the page works with it', '/devices/', () => {
    enrol('/alpha', 'cookies', { oath: [profile('Phone')] });
    configure({ login: '/login/' });
    return { session: logIn('/alpha', 'cookies') };
}, async (p, { session, context }) => {
    await says(p, 'You are not signed in');
    await withBackend(login, async () => {
        await p.goto(`${origin}/login/?token=${session}`);
        await device(p, 'Phone').waitFor();
    });
    const [cookie] = await context.cookies();
    assert.deepEqual([cookie.name, cookie.httpOnly, cookie.secure, cookie.sameSite], ['iPlanetDirectoryPro', true, true, 'Lax']);
    assert.equal(await p.evaluate(() => document.cookie), '');
    configure();
});

pageTest('the pages work below another path, with AM below another', '/a/portal/', () => {
    enrol('/alpha', 'sub-path', { oath: [profile('Phone')] });
    configure({ am: '/sso/am/' });
    return { token: logIn('/alpha', 'sub-path') };
}, async (p) => {
    await device(p, 'Phone').getByRole('button', { name: 'Remove' }).click();
    await (await dialog(p, 'Remove “Phone”?')).getByRole('button', { name: 'Remove' }).click();
    await says(p, '“Phone” was removed.');
    configure();
});
