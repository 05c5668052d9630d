// The devices of a user, of all kinds in one list: read, shown, renamed, removed.
import { kinds } from './am.js';
import { ask } from './dialog.js';
import { button, element, find } from './dom.js';
import { list, moment } from './format.js';
import { text } from './texts.js';

export function kindName(kind) {
    return text(`kind.${kind}`);
}

// All of them: { devices, served: the kinds that the API knows, unread: outcomes by kind }.
export async function readDevices(account) {
    const outcomes = await Promise.all(kinds.map((kind) => account.list(kind)));
    const read = { devices: [], served: [], unread: {} };
    outcomes.forEach((outcome, index) => {
        const kind = kinds[index];
        if (outcome.kind === 'ok' && Array.isArray(outcome.data.result)) {
            read.served.push(kind);
            read.devices.push(...outcome.data.result.map((device) => ({ ...device, kind })));
        } else if (outcome.kind !== 'unsupported') {
            read.served.push(kind);
            read.unread[kind] = outcome;
        }
    });
    return read;
}

function dated(milliseconds) {
    return milliseconds > 0 ? moment(milliseconds) : text('devices.unknown');
}

function facts(device) {
    const rows = [['devices.kind', kindName(device.kind)], ['devices.added', dated(device.createdDate)],
        ['devices.lastUsed', dated(device.lastAccessDate)]];
    return element('dl', {}, ...rows.map(([key, value]) =>
        element('div', {}, element('dt', {}, text(key)), element('dd', {}, value))));
}

function item(device, actions) {
    const values = { name: device.deviceName, kind: kindName(device.kind) };
    const buttons = Object.entries(actions).map(([action, act]) =>
        button(text(`devices.${action}`), () => act(device), {
            'aria-label': text(`devices.${action}This`, values),
            'data-key': `${action} ${device.uuid}`,
        }));
    return element('li', { className: 'device', 'data-uuid': device.uuid },
        element('div', {}, element('strong', { className: 'name' }, device.deviceName), facts(device)),
        element('div', { className: 'buttons' }, ...buttons));
}

// Shows what was read. `actions` are functions of a device: `rename`, `remove`.
export function showDevices({ devices, unread }, actions) {
    const failed = Object.keys(unread);
    const parts = [];
    if (failed.length > 0) {
        parts.push(element('p', { className: 'problem' }, text('devices.unreadable', { kinds: list(failed.map(kindName)) })));
    }
    if (devices.length > 0) {
        parts.push(element('ul', { className: 'devices' }, ...devices.map((device) => item(device, actions))));
    } else if (failed.length === 0) {
        parts.push(element('p', { className: 'empty' }, text('devices.empty')));
    }
    find('device-list').replaceChildren(...parts);
}

// After the list has been made again: the focus goes to the same button, or to the list's title.
export function focusAgain(key) {
    const same = [...document.querySelectorAll('#device-list button')].find((one) => one.dataset.key === key);
    (same ?? find('devices-title')).focus();
}

function nameProblem(name) {
    const bytes = new TextEncoder().encode(name).length;
    return bytes < 1 || bytes > 256 || /[\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/u.test(name) ? text('rename.invalid') : '';
}

// Asks for a new name; null if the user does not want to.
export function askName(device) {
    return ask({
        title: text('rename.title', { name: device.deviceName }), action: text('rename.action'),
        field: { label: text('rename.label'), value: device.deviceName, problemOf: nameProblem },
    });
}

// A field in which the user's name must be typed.
export function typedName(user) {
    const label = text('typed.label', { user });
    return { label, problemOf: (value) => value === user ? '' : label };
}
