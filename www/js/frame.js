// What both pages begin with: configuration, texts, the language's choice, and whose session it is.
import { sessionInfo } from './am.js';
import { loadConfig } from './config.js';
import { element, find } from './dom.js';
import { clearNotice, notice, noticeOf, offerLogin } from './notice.js';
import { changeLanguage, currentLanguage, loadTexts, text } from './texts.js';

function languageName(code) {
    return new Intl.DisplayNames([code], { type: 'language' }).of(code);
}

function languageChoice(languages) {
    const select = element('select', { id: 'language', onchange: () => changeLanguage(select.value) },
        ...languages.map((code) => element('option', { value: code, lang: code }, languageName(code))));
    select.value = currentLanguage();
    return element('span', {}, element('label', { for: 'language' }, text('bar.language')), ' ', select);
}

function showBar(config, session) {
    const parts = [];
    if (session !== null) {
        const who = text('bar.who', { user: session.username, realm: session.realm });
        parts.push(element('span', { id: 'who' }, who));
        if (config.logout !== null) {
            parts.push(element('a', { id: 'sign-out', href: config.logout }, text('bar.signOut')));
        }
    }
    if (config.languages.length > 1) {
        parts.push(languageChoice(config.languages));
    }
    find('bar').replaceChildren(...parts);
}

async function openSession(config, then) {
    notice('busy', text('state.loading'));
    const outcome = await sessionInfo(config.am);
    const known = outcome.kind === 'ok' && typeof outcome.data.username === 'string';
    showBar(config, known ? outcome.data : null);
    if (known) {
        clearNotice();
        await then(config, outcome.data);
    } else {
        noticeOf(outcome.kind === 'ok' ? { kind: 'failed', status: 200 } : outcome,
            { again: () => openSession(config, then) });
    }
}

// Begins a page, and calls `then(config, session)` if there is a session.
export async function openPage(then) {
    const config = await loadConfig();
    try {
        await loadTexts(config.languages);
    } catch {
        find('notice').textContent = 'This page could not be loaded. Please try again later.';
        return;
    }
    if (config.problem !== '') {
        notice('error', text('state.config', { problem: config.problem }));
        return;
    }
    offerLogin(config.login);
    await openSession(config, then);
}
