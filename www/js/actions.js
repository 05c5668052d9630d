// What a page does when the user has said yes: call, read again, and say how it ended.
import { button } from './dom.js';
import { notice, noticeOf } from './notice.js';
import { text } from './texts.js';

// Reads again after something was done. If that fails, what was done is said all the same.
async function readAgain(success, refresh) {
    if (await refresh() === null) {
        notice('success', success);
    } else {
        notice('warning', `${success} ${text('state.unread')} `, button(text('state.retry'), () => readAgain(success, refresh)));
    }
}

// Makes a call that acts. `success` is said if it is done; `refresh` reads and shows everything again, and returns null or
// how that failed; `focus` is called when that has been shown.
export async function perform(run, { success, refresh, focus = () => {} }) {
    notice('busy', text('state.working'));
    const outcome = await run();
    const again = () => perform(run, { success, refresh, focus });
    if (outcome.kind === 'ok') {
        await readAgain(success, refresh);
        focus();
    } else if (outcome.kind === 'gone' || outcome.kind === 'uncertain') {
        await refresh();
        noticeOf(outcome, { again });
        focus();
    } else {
        noticeOf(outcome, { again });
    }
}
