// Makes the pictures of docs/how-to/self-service.md.
import { mkdirSync } from 'node:fs';
import { close, device, dialog, open, says } from './lib/browser.mjs';
import { configure, enrol, logIn, profile, securityKey } from './lib/edge.mjs';

const pictures = new URL('../../docs/pictures/', import.meta.url).pathname;
const width = 860;

// The page from its top, as far as `height`.
async function picture(page, name, height) {
    await page.setViewportSize({ width, height });
    await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
    await page.screenshot({ path: `${pictures}${name}.png`, animations: 'disabled' });
}

function someone() {
    return enrol('/alpha', 'demo', {
        oath: [profile('Phone')], push: [profile('Phone, push')], webauthn: [securityKey('Blue key')],
        oath2faEnabled: 2, push2faEnabled: 2, 'challenge:ChallengeSMS': 10, 'lock:ChallengeSMS': Date.now() + 1800000,
    });
}

async function selfService() {
    const { page, context } = await open('/devices/', { token: logIn('/alpha', 'demo'), width });
    await device(page, 'Blue key').waitFor();
    await picture(page, 'self-service', 800);
    await device(page, 'Phone').getByRole('button', { name: 'Remove' }).click();
    await dialog(page, 'Remove “Phone”?');
    await picture(page, 'self-service-remove', 400);
    await context.close();
}

async function level() {
    const { page, context } = await open('/devices/',
        { token: logIn('/alpha', 'demo', { authLevel: 0 }), width, dark: true });
    await device(page, 'Phone').getByRole('button', { name: 'Remove' }).click();
    await (await dialog(page, 'Remove “Phone”?')).getByRole('button', { name: 'Remove' }).click();
    await says(page, 'Sign in with your second factor');
    await picture(page, 'self-service-level', 400);
    await context.close();
}

async function helpDesk() {
    const { page, context } = await open('/devices/help-desk.html?realm=/alpha&user=demo',
        { token: logIn('/', 'amAdmin', { admin: '/' }), width });
    await page.getByRole('heading', { name: 'demo in realm /alpha' }).waitFor();
    await device(page, 'Blue key').getByRole('button', { name: 'Remove' }).click();
    const asked = await dialog(page, 'Remove “Blue key”?');
    await asked.getByLabel('Type demo to confirm').fill('demo');
    await asked.getByRole('button', { name: 'Remove' }).click();
    await says(page, 'was removed');
    await picture(page, 'help-desk', 1250);
    await context.close();
}

mkdirSync(pictures, { recursive: true });
configure();
someone();
await selfService();
await level();
await helpDesk();
await close();
