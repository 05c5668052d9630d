// Tables of the help desk: factors, locks, events.
import { kindName } from './devices.js';
import { button, element, find } from './dom.js';
import { moment, number, timeLeft } from './format.js';
import { hasText, text } from './texts.js';

// A table that scrolls by itself on a small screen, by keyboard too. `cells` of a row are elements and texts; the first
// is its heading.
function table(titleId, heads, rows) {
    const head = element('tr', {}, ...heads.map((key) => element('th', { scope: 'col' }, text(key))));
    const body = rows.map(([first, ...cells]) => element('tr', {}, element('th', { scope: 'row' }, first),
        ...cells.map((cell) => element('td', {}, cell))));
    return element('div', { className: 'scroll', tabIndex: 0, role: 'group', 'aria-labelledby': titleId },
        element('table', {}, element('thead', {}, head), element('tbody', {}, ...body)));
}

function fill(id, empty, heads, rows, after = []) {
    const content = rows.length > 0 ? table(`${id}-title`, heads, rows) : element('p', { className: 'empty' }, text(empty));
    find(id).replaceChildren(content, ...after);
}

// `unlisted` is the number of devices that are counted and not in the list; `reset` is called with a kind.
export function showFactors(factors, unlisted, reset) {
    const rows = factors.map((factor) => [
        kindName(factor._id), number(factor.devices),
        factor.lastAccessDate > 0 ? moment(factor.lastAccessDate) : text('factors.never'),
        text(`skipped.${factor.skip ?? 'none'}`),
        button(text('reset.reset'), () => reset(factor._id), {
            'aria-label': text('reset.resetThis', { kind: kindName(factor._id) }), 'data-key': `reset ${factor._id}`,
        }),
    ]);
    const note = unlisted > 0 ? [element('p', {}, text('factors.unlisted', { count: unlisted }))] : [];
    fill('factors', 'factors.empty',
        ['factors.factor', 'factors.devices', 'factors.lastUsed', 'factors.skip', 'factors.actions'], rows, note);
}

function lockState(challenge, now) {
    const end = challenge.lockedUntil;
    return end > now ? text('locks.locked', { end: moment(end), left: timeLeft(end, now) }) : text('locks.open');
}

// Shows them, and returns a function that brings the time left up to date.
export function showLocks(challenges) {
    const states = challenges.map((challenge) => element('span', {}, lockState(challenge, Date.now())));
    const rows = challenges.map((challenge, index) =>
        [challenge._id, number(challenge.failures), states[index]]);
    const help = rows.length > 0 ? [element('p', {}, text('locks.help'))] : [];
    fill('locks', 'locks.empty', ['locks.challenge', 'locks.failures', 'locks.state'], rows, help);
    return () => states.forEach((state, index) => { state.textContent = lockState(challenges[index], Date.now()); });
}

// The text of a word of the API's, or the word itself.
function wordOf(group, word) {
    return hasText(`${group}.${word}`) ? text(`${group}.${word}`) : word;
}

function factorOf(event) {
    const factor = hasText(`kind.${event.factor}`) ? kindName(event.factor) : wordOf('factor', event.factor ?? '');
    return event.name === undefined ? factor : `${factor}: ${event.name}`;
}

export function showEvents(events) {
    const rows = events.map((event) => [moment(event.time), wordOf('action', event.action), factorOf(event),
        event.caller ?? '', event.ip ?? '', event.removed === undefined ? '' : number(event.removed)]);
    fill('events', 'events.empty',
        ['events.time', 'events.action', 'events.factor', 'events.caller', 'events.ip', 'events.removed'], rows);
}
