// The page's one place for messages, which screen readers read out: loading, done, and each way in which a call can fail.
import { button, element, find } from './dom.js';
import { text } from './texts.js';

// What a user can do about it: `again` names the button that repeats the call, `signIn` offers the login.
const states = {
    signedOut: { tone: 'warning', signIn: true },
    level: { tone: 'warning', signIn: true },
    forbidden: { tone: 'error' },
    forbiddenDesk: { tone: 'error' },
    unknown: { tone: 'warning' },
    realm: { tone: 'warning' },
    gone: { tone: 'warning' },
    tooMany: { tone: 'warning', again: 'state.retry' },
    unavailable: { tone: 'error', again: 'state.retry' },
    uncertain: { tone: 'warning', again: 'state.repeat' },
    unsupported: { tone: 'warning' },
    failed: { tone: 'error', again: 'state.retry' },
};

let login = null;

// The address of the login, or null, for the messages that offer it.
export function offerLogin(address) {
    login = address;
}

// `tone` is busy, success, warning or error; a word says it, too, so that it is not in the colour alone. The parts are
// elements and texts.
export function notice(tone, ...parts) {
    const word = tone === 'busy' ? [] : [element('strong', {}, `${text(`word.${tone}`)}: `)];
    find('notice').replaceChildren(element('div', { className: `notice ${tone}` }, ...word, ...parts));
    document.querySelector('main').setAttribute('aria-busy', String(tone === 'busy'));
}

export function clearNotice() {
    find('notice').replaceChildren();
    document.querySelector('main').setAttribute('aria-busy', 'false');
}

// Says how a call ended that did not end well. `before` is a text to begin with, `again` a function that repeats the
// call, `values` go into the text.
export function noticeOf(outcome, { before = '', again, againText, values = {} } = {}) {
    const state = states[outcome.kind];
    const parts = [`${before} ${text(`state.${outcome.kind}`, { status: outcome.status, ...values })}`.trim()];
    if (state.signIn && login !== null) {
        parts.push(' ', element('a', { href: login, className: 'button' }, text('bar.signIn')));
    }
    if (again !== undefined && (state.again !== undefined || againText !== undefined)) {
        parts.push(' ', button(againText ?? text(state.again), again));
    }
    notice(state.tone, ...parts);
}
