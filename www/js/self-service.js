// Self-service: users see, rename and remove their own devices, skip a factor, or reset everything.
import { Account, skippable } from './am.js';
import { perform } from './actions.js';
import { askName, focusAgain, readDevices, showDevices } from './devices.js';
import { ask } from './dialog.js';
import { element, find, show } from './dom.js';
import { openPage } from './frame.js';
import { clearNotice, notice, noticeOf } from './notice.js';
import { resetSteps, runSteps } from './steps.js';
import { text } from './texts.js';

const sections = ['devices', 'skip', 'lost'];

class SelfService {
    #account;
    #read = { devices: [], served: [], unread: {} };

    constructor(account) {
        this.#account = account;
        find('reset-all').onclick = () => this.#resetAll();
    }

    async open() {
        notice('busy', text('state.loading'));
        const unread = await this.#refresh();
        if (unread === null) {
            clearNotice();
        } else {
            noticeOf(unread, { again: () => this.open() });
        }
    }

    // Reads and shows everything. Returns null, or how it failed if nothing could be read.
    async #refresh() {
        const [read, ...checks] = await Promise.all([readDevices(this.#account),
            ...skippable.map((kind) => this.#account.check(kind))]);
        this.#read = read;
        const failed = Object.values(read.unread);
        const nothing = failed.length === read.served.length;
        sections.forEach((section) => show(section, !nothing));
        if (nothing) {
            return failed[0] ?? { kind: 'unsupported', status: 404 };
        }
        showDevices(read, { rename: (device) => this.#rename(device), remove: (device) => this.#remove(device) });
        this.#showSkips(checks);
        return null;
    }

    #showSkips(checks) {
        const known = skippable.filter((kind, index) => checks[index].kind === 'ok');
        for (const kind of known) {
            this.#skipBox(kind).checked = checks[skippable.indexOf(kind)].data.result === true;
        }
        show('skip', known.length > 0);
    }

    // The factor's checkbox, which is made once: the focus stays on it.
    #skipBox(kind) {
        const id = `skip-${kind}`;
        if (find(id) === null) {
            const box = element('input', { type: 'checkbox', id, onchange: () => this.#skip(kind, box) });
            find('skip-list').append(element('p', {}, box, element('label', { for: id }, text(`skip.${kind}`))));
        }
        return find(id);
    }

    async #skip(kind, box) {
        const wanted = box.checked;
        box.checked = !wanted;  // until it is so
        await this.#perform(() => this.#account.skip(kind, wanted), text(wanted ? 'skip.on' : 'skip.off'));
    }

    async #rename(device) {
        const name = await askName(device);
        if (name !== null) {
            await this.#perform(() => this.#account.rename(device.kind, device.uuid, name), text('rename.done', { name }),
                `rename ${device.uuid}`);
        }
    }

    async #remove(device) {
        const name = device.deviceName;
        const yes = await ask({ title: text('remove.title', { name }), message: text('remove.self'),
            action: text('remove.action'), danger: true });
        if (yes !== null) {
            await this.#perform(() => this.#account.remove(device.kind, device.uuid), text('remove.done', { name }),
                `remove ${device.uuid}`);
        }
    }

    #perform(run, success, key) {
        const focus = () => key === undefined || focusAgain(key);
        return perform(run, { success, refresh: () => this.#refresh(), focus });
    }

    async #resetAll() {
        const yes = await ask({ title: text('reset.titleAll'), message: text('reset.self'), action: text('reset.all'),
            danger: true });
        if (yes !== null) {
            await runSteps(resetSteps(this.#account, this.#read.served, this.#read.devices), () => this.#refresh());
        }
    }
}

openPage((config, session) =>
    new SelfService(new Account(config.am, session.realm ?? '/', session.username)).open());
