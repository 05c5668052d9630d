// The texts: the same in each language, each in use, and shown in the language that the user wants.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { accessible, device, dialog, open, pageTest, says, settled } from './lib/browser.mjs';
import { configure, enrol, logIn, profile } from './lib/edge.mjs';

const www = new URL('../../www/', import.meta.url);
const languages = readdirSync(new URL('languages/', www)).map((name) => name.replace('.json', ''));
const texts = Object.fromEntries(languages.map((one) => [one, JSON.parse(read(`languages/${one}.json`))]));
const sources = [...readdirSync(new URL('js/', www)).map((name) => `js/${name}`), 'index.html', 'help-desk.html'].map(read).join('\n');

function read(name) {
    return readFileSync(new URL(name, www), 'utf8');
}

function places(text) {
    return [...new Set(JSON.stringify(text).match(/\{\w+\}/g) ?? [])].sort();
}

test('every language has the same texts with the same places for values', () => {
    for (const one of languages) {
        assert.deepEqual(Object.keys(texts[one]), Object.keys(texts.en), one);
        for (const [key, text] of Object.entries(texts[one])) {
            assert.deepEqual(places(text), places(texts.en[key]), `${one}: ${key}`);
        }
    }
});

test('the configuration offers every language', () => {
    assert.deepEqual(JSON.parse(read('config.json')).languages.sort(), languages.sort());
});

test('every text is in use, and what is used is there', () => {
    const named = new Set([...sources.matchAll(/['"]((?:[a-z]+)\.[A-Za-z]+)['"]/g)].map((one) => one[1]));
    const groups = new Set([...sources.matchAll(/`([a-z]+)\.\$\{|wordOf\('([a-z]+)'/g)].map((one) => one[1] ?? one[2]));
    for (const key of Object.keys(texts.en)) {
        assert.ok(named.has(key) || groups.has(key.replace(/\..*/, '')), `${key} is in use`);
    }
    const known = new Set(Object.keys(texts.en).map((key) => key.replace(/\..*/, '')));
    for (const key of [...named].filter((one) => known.has(one.replace(/\..*/, '')))) {
        assert.ok(Object.hasOwn(texts.en, key), `${key} is there`);
    }
});

test('no text is written as HTML, and no script reads a cookie', () => {
    assert.doesNotMatch(sources, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|document\.cookie|eval\(|new Function/);
});

const titles = { en: 'Your second factors', de: 'Ihre zweiten Faktoren', fr: 'Vos seconds facteurs', es: 'Sus segundos factores' };
const dates = { en: 'Nov 14, 2023', de: '14.11.2023', fr: '14 nov. 2023', es: '14 nov 2023' };

function someone(language) {
    const user = `reader-${language}`;
    enrol('/alpha', user, { oath: [profile('Telephone')] });
    return { language, token: logIn('/alpha', user) };
}

configure();

for (const language of languages) {
    pageTest(`the page is in ${language} if the browser asks for it`, '/devices/', () => someone(language), async (p) => {
        await device(p, 'Telephone').waitFor();
        await settled(p);
        assert.equal(await p.locator('h1').textContent(), titles[language]);
        assert.equal(await p.locator('html').getAttribute('lang'), language);
        assert.ok((await device(p, 'Telephone').textContent()).includes(dates[language]), 'the date');
        await accessible(p);
        await p.locator('#reset-all').click();
        await dialog(p, texts[language]['reset.titleAll']);
        await accessible(p);
    });
}

pageTest('a region of a language: its texts, and dates of the region', '/devices/', () => someone('en-GB'), async (p) => {
    assert.match(await device(p, 'Telephone').textContent(), /14 Nov 2023/);
});

pageTest('a language that is not there: the first one', '/devices/', () => someone('ja'), async (p) => {
    await device(p, 'Telephone').waitFor();
    assert.equal(await p.locator('h1').textContent(), titles.en);
});

pageTest('another language is chosen, and remembered', '/devices/', () => someone('en'), async (p) => {
    await p.getByLabel('Language').selectOption('fr');
    await p.getByRole('heading', { name: titles.fr }).waitFor();
    await p.reload();
    await p.getByRole('heading', { name: titles.fr }).waitFor();
    await p.goto(p.url().replace('/devices/', '/devices/help-desk.html'));
    await p.getByRole('heading', { name: 'Assistance : seconds facteurs' }).waitFor();
});

test('without its texts the page says that it could not be loaded', async () => {
    const before = (p) => p.route('**/languages/en.json', (route) => route.abort());
    const { page: p, context } = await open('/devices/', { ...someone('en'), before });
    await says(p, 'This page could not be loaded.');
    await context.close();
});
