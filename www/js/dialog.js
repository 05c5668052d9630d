// Dialogs that ask before something is done. The browser keeps the focus inside, and gives it back.
import { button, element } from './dom.js';
import { text } from './texts.js';

// A labelled field; what `problemOf` says against its value is shown in it, and the dialog stays.
function makeField({ label, value = '', problemOf }) {
    const input = element('input', { id: 'dialog-field', value, autocomplete: 'off', spellcheck: false });
    const problem = element('p', { id: 'dialog-problem', className: 'problem', role: 'alert' });
    const judge = () => {
        const found = problemOf(input.value);
        problem.textContent = found;
        input.setAttribute('aria-invalid', String(found !== ''));
        return found === '';
    };
    input.setAttribute('aria-describedby', problem.id);
    return { input, judge, parts: [element('label', { for: input.id }, label), input, problem] };
}

function makeDialog({ title, message, action, danger }, field) {
    const submit = element('button', { className: danger ? 'danger' : 'primary' }, action);
    const dialog = element('dialog', { 'aria-labelledby': 'dialog-title' },
        element('h2', { id: 'dialog-title' }, title));
    if (message !== undefined) {
        dialog.setAttribute('aria-describedby', 'dialog-message');
        dialog.append(element('p', { id: 'dialog-message' }, message));
    }
    const form = element('form', { method: 'dialog' }, ...(field?.parts ?? []), element('div', { className: 'buttons' },
        button(text('dialog.cancel'), () => dialog.close()), submit));
    dialog.append(form);
    return { dialog, form };
}

// Asks. `field` is { label, value, problemOf }. Returns the field's value, '' without a field, or null if the user does
// not want to.
export function ask({ field: wanted, ...question }) {
    const field = wanted && makeField(wanted);
    const { dialog, form } = makeDialog(question, field);
    return new Promise((resolve) => {
        let answer = null;
        form.addEventListener('submit', (event) => {
            event.preventDefault();
            if (field && !field.judge()) {
                field.input.focus();
                return;
            }
            answer = field?.input.value ?? '';
            dialog.close();
        });
        dialog.addEventListener('close', () => {
            dialog.remove();
            resolve(answer);
        });
        document.body.append(dialog);
        dialog.showModal();
        (field?.input ?? dialog.querySelector('button')).focus();
        field?.input.select();
    });
}
