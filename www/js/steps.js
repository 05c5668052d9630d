// A reset in several steps: one after the other, each shown with its state; what is left if one fails.
import { element, find, show } from './dom.js';
import { kindName } from './devices.js';
import { list } from './format.js';
import { notice, noticeOf } from './notice.js';
import { text } from './texts.js';

// A step is { label, run(add) }, where `run` makes its call, and `add(step)` puts one more at the end.
function removal(account, device) {
    return {
        label: text('steps.remove', { name: device.deviceName }),
        run: () => account.remove('webauthn', device.uuid),
    };
}

// The list on the page may be old or incomplete: what is left is removed in steps of its own.
function lookAgain(account) {
    const run = async (add) => {
        const outcome = await account.list('webauthn');
        if (outcome.kind === 'unsupported') {
            return { ...outcome, kind: 'ok' };
        }
        if (outcome.kind === 'ok') {
            outcome.data.result.forEach((device) => add(removal(account, device)));
        }
        return outcome;
    };
    return { label: text('steps.look'), run };
}

// The steps of resetting these kinds: a reset of each, but of webauthn, which has none, each device is removed.
export function resetSteps(account, kinds, devices) {
    const steps = kinds.filter((kind) => kind !== 'webauthn').map((kind) => ({
        label: text('steps.reset', { kind: kindName(kind) }), run: () => account.reset(kind),
    }));
    if (kinds.includes('webauthn')) {
        const keys = devices.filter((device) => device.kind === 'webauthn');
        steps.push(...keys.map((device) => removal(account, device)), lookAgain(account));
    }
    return steps;
}

function setState(row, state) {
    row.className = state;
    row.querySelector('.state').textContent = text(`steps.${state}`);
}

function addRow(step) {
    const row = element('li', {}, `${step.label}: `, element('span', { className: 'state' }));
    setState(row, 'waiting');
    find('step-list').append(row);
    return row;
}

async function runFrom(steps, rows, first, done) {
    const add = (step) => {
        steps.push(step);
        rows.push(addRow(step));
    };
    notice('busy', text('state.working'));
    for (let at = first; at < steps.length; at++) {
        setState(rows[at], 'running');
        const outcome = await steps[at].run(add);
        if (outcome.kind !== 'ok' && outcome.kind !== 'gone') {
            setState(rows[at], outcome.kind === 'uncertain' ? 'uncertain' : 'failed');
            await done(false);
            const left = list(steps.slice(at).map((step) => step.label));
            noticeOf(outcome, {
                before: text('reset.left', { steps: left }), againText: text('reset.continue'),
                again: () => runFrom(steps, rows, at, done),
            });
            return;
        }
        setState(rows[at], 'done');
    }
    await done(true);
    notice('success', text('reset.done'));
}

// Runs them. If one fails, the rest waits for the user. `done(complete)` is called whenever it stops, to read again.
export function runSteps(steps, done) {
    find('step-list').replaceChildren();
    const rows = steps.map(addRow);
    show('steps');
    find('steps-title').focus();
    return runFrom(steps, rows, 0, done);
}
