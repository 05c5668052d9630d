// Chromium, and what must hold of every page that a test opens: no request leaves the origin, nothing is against the
// page's policy, no script fails.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { cookie, origin, patience, secret, until } from './edge.mjs';

const require = createRequire(`${process.env.MODULES}/`);
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

let browser = null;
let clients = 0;

export async function launch() {
    browser ??= await chromium.launch({
        executablePath: process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync),
        chromiumSandbox: process.getuid() !== 0,
        args: ['--host-resolver-rules=MAP am.example.com 127.0.0.1', '--disable-dev-shm-usage'],
    });
    return browser;
}

export async function close() {
    await browser?.close();
    browser = null;
}

after(close);

// What is noticed while a page is open.
async function watch(context, allowed, noticed) {
    await context.exposeBinding('reportViolation', (source, text) => noticed.push(`against the policy: ${text}`));
    await context.addInitScript(() => addEventListener('securitypolicyviolation',
        (event) => globalThis.reportViolation(`${event.violatedDirective} ${event.blockedURI}`)));
    context.on('request', (request) => {
        if (new URL(request.url()).origin !== allowed && !request.url().startsWith('data:')) {
            noticed.push(`a request to ${request.url()}`);
        }
    });
    context.on('weberror', (error) => noticed.push(`an error: ${error.error().message}`));
    context.on('console', (message) => {
        if (/Content Security Policy|TrustedHTML/i.test(message.text())) {
            noticed.push(message.text());
        }
    });
}

// Opens a page as a client of its own. Options: `token` of the session's cookie, `language`, `dark`, `width`, `at`: the
// origin. Returns { page, context, client, noticed }.
export async function open(path, { token, language = 'en', dark = false, width = 1000, at = origin, before } = {}) {
    const client = `10.${clients >> 16 & 255}.${clients >> 8 & 255}.${clients++ & 255}`;
    const context = await (await launch()).newContext({
        locale: language, colorScheme: dark ? 'dark' : 'light', viewport: { width, height: 900 }, timezoneId: 'UTC',
        reducedMotion: 'reduce', extraHTTPHeaders: { 'X-Test-Client': client },
    });
    const noticed = [];
    context.setDefaultTimeout(patience);
    await watch(context, at, noticed);
    if (token !== undefined) {
        await context.addCookies([{ name: cookie, value: token, url: at, httpOnly: true, sameSite: 'Lax' }]);
    }
    const page = await context.newPage();
    await before?.(page);
    await page.goto(`${at}${path}`);
    return { page, context, client, noticed };
}

// Fails with what axe-core finds against the page as it is now.
export async function accessible(page) {
    if (!await page.evaluate(() => 'axe' in globalThis)) {
        await page.evaluate(axe);
    }
    const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    const lines = found.violations.map((one) =>
        `${one.id}: ${one.help}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
    assert.deepEqual(lines, [], 'axe-core');
}

// A test that opens a page. `options` may be a function that makes them. What was noticed fails it.
export function pageTest(name, path, options, then) {
    test(name, async () => {
        const made = typeof options === 'function' ? await options() : options;
        const opened = await open(typeof path === 'function' ? path(made) : path, made);
        try {
            await then(opened.page, { ...made, ...opened });
            assert.ok(!(await opened.page.content()).includes(secret), 'no secret is in the page');
            assert.deepEqual(opened.noticed, []);
        } finally {
            await opened.context.close();
        }
    });
}

// ---- what a user sees

export function notice(page) {
    return page.locator('#notice');
}

// Waits until the page's message has this text; it is read out by role=status.
export async function says(page, text) {
    await page.getByRole('status').filter({ hasText: text }).waitFor();
}

// Waits until no message is there, or it is one of success.
export async function settled(page) {
    await page.locator('main[aria-busy=false]').waitFor();
}

// Presses the button that repeats, until the page says this. nginx's other worker may not have Redis again yet.
export async function repeatUntil(page, text) {
    const again = page.getByRole('button', { name: /^(Try again|Repeat|Continue)$/ });
    const seen = page.getByText(text);
    await until(`after repeating: ${text}`, async () => {
        if (!await seen.first().isVisible() && await again.isVisible()) {
            await again.click();
            await settled(page);
        }
        return seen.first().isVisible();
    });
}

export function device(page, name) {
    return page.locator('.device').filter({ has: page.locator('.name', { hasText: new RegExp(`^${name}$`) }) });
}

export async function names(page) {
    return page.locator('.device .name').allTextContents();
}

// The dialog that is open; its name and message.
export async function dialog(page, title) {
    const found = page.getByRole('dialog', { name: title });
    await found.waitFor();
    return found;
}

// The id of what has the focus, or its text.
export function focused(page) {
    return page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
}
