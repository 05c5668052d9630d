// Elements of the document. What is written into them is text, never HTML.

export function find(id) {
    return document.getElementById(id);
}

// An element with properties (`className`, `onclick`, …), attributes (`role`, `aria-…`, `data-…`) and children, which are
// elements or texts.
export function element(tag, properties = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
        if (/^(aria-|data-|role$|scope$|for$|datetime$)/.test(name)) {
            made.setAttribute(name, value);
        } else {
            made[name] = value;
        }
    }
    made.append(...children);
    return made;
}

export function button(label, onclick, properties = {}) {
    return element('button', { type: 'button', onclick, ...properties }, label);
}

export function show(id, visible = true) {
    find(id).hidden = !visible;
}
