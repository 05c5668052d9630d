// The help desk: finds a user, shows factors, locks and events, removes a device, resets one factor or all.
import { Account, isName, kinds, realmParts } from './am.js';
import { perform } from './actions.js';
import { focusAgain, kindName, readDevices, showDevices, typedName } from './devices.js';
import { ask } from './dialog.js';
import { find, show } from './dom.js';
import { openPage } from './frame.js';
import { clearNotice, notice, noticeOf } from './notice.js';
import { resetSteps, runSteps } from './steps.js';
import { showEvents, showFactors, showLocks } from './tables.js';
import { text } from './texts.js';

const eventCount = 20;
const lockPeriod = 10000;  // milliseconds between two updates of the time left

let subject = null;  // whom the page shows

// A user who was found. Everything about the user is hidden until all reads have been answered with 200.
class Subject {
    #account;
    #read = { devices: [], served: [], unread: {} };
    updateLocks = () => {};

    constructor(account) {
        this.#account = account;
    }

    async open() {
        show('found', false);
        show('steps', false);
        notice('busy', text('state.loading'));
        const unread = await this.#refresh();
        if (subject !== this) {
            return;
        }
        if (unread === null) {
            clearNotice();
            find('subject').focus();
        } else {
            noticeOf(unread, { again: () => this.open(), values: this.#names() });
        }
    }

    #names() {
        return { user: this.#account.user, realm: this.#account.realm };
    }

    // Returns null, or the first read that failed. Shows nothing if another user is shown by now.
    async #refresh() {
        const [factors, events, read] = await Promise.all([this.#account.factors(), this.#account.events(eventCount),
            readDevices(this.#account)]);
        if (subject !== this) {
            return null;
        }
        const failed = [factors, events, ...Object.values(read.unread)].find((outcome) => outcome.kind !== 'ok');
        show('found', failed === undefined);
        if (failed !== undefined) {
            return failed.kind === 'forbidden' ? { ...failed, kind: 'forbiddenDesk' } : failed;
        }
        this.#read = read;
        find('subject').textContent = text('desk.subject', this.#names());
        find('reset-all').onclick = () => this.#reset(kinds);
        this.#show(factors.data.result, events.data.result);
        return null;
    }

    #show(factors, events) {
        const counted = factors.filter((factor) => kinds.includes(factor._id));
        const unlisted = counted.reduce((sum, factor) => sum + factor.devices, 0) - this.#read.devices.length;
        showFactors(counted, unlisted, (kind) => this.#reset([kind]));
        showDevices(this.#read, { remove: (device) => this.#remove(device) });
        this.updateLocks = showLocks(factors.filter((factor) => factor.failures !== undefined));
        showEvents(events);
    }

    async #remove(device) {
        const { user } = this.#account;
        const name = device.deviceName;
        const yes = await ask({ title: text('remove.title', { name }), message: text('remove.desk', { user }),
            action: text('remove.action'), danger: true, field: typedName(user) });
        if (yes !== null) {
            await perform(() => this.#account.remove(device.kind, device.uuid), {
                success: text('remove.done', { name }), refresh: () => this.#refresh(),
                focus: () => focusAgain(`remove ${device.uuid}`),
            });
        }
    }

    async #reset(wanted) {
        const { user } = this.#account;
        const one = wanted.length === 1;
        const yes = await ask({
            title: one ? text('reset.titleOne', { kind: kindName(wanted[0]) }) : text('reset.titleAll'),
            message: text(one ? 'reset.deskOne' : 'reset.deskAll', { user }),
            action: text(one ? 'reset.reset' : 'reset.all'), danger: true, field: typedName(user),
        });
        if (yes !== null) {
            const served = wanted.filter((kind) => this.#read.served.includes(kind));
            await runSteps(resetSteps(this.#account, served, this.#read.devices), () => this.#refresh());
        }
    }
}

function search(config) {
    const realm = find('realm').value.trim();
    const user = find('user').value.trim();
    if (realmParts(realm) === null || !isName(user)) {
        show('found', false);
        notice('error', text('desk.invalid'));
        return;
    }
    subject = new Subject(new Account(config.am, realm, user));
    subject.open();
}

// Realm and user may be in the page's address: ?realm=/alpha&user=demo.
openPage((config, session) => {
    const asked = new URLSearchParams(location.search);
    find('realm').value = asked.get('realm') ?? session.realm ?? '/';
    find('user').value = asked.get('user') ?? '';
    show('find');
    find('find').onsubmit = (event) => {
        event.preventDefault();
        search(config);
    };
    setInterval(() => subject?.updateLocks(), lockPeriod);
    if (asked.has('user')) {
        search(config);
    } else {
        find('user').focus();
    }
});
