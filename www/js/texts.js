// The page's texts, in the user's language: languages/CODE.json. Each is a text with {places} for values, or an object
// with one such text for each plural category of the language.

const saved = 'mfa-reset-language';
const loaded = { texts: {}, language: 'en', locale: 'en' };

function remembered() {
    try {
        return localStorage.getItem(saved);
    } catch {
        return null;
    }
}

// The first of what the user wants that there is: { language: what there is, locale: what the user wants }.
function choose(languages) {
    for (const locale of [remembered(), ...navigator.languages]) {
        const wanted = locale?.toLowerCase() ?? '';
        const language = languages.find((one) => wanted === one.toLowerCase()) ??
            languages.find((one) => wanted.startsWith(`${one.toLowerCase()}-`));
        if (language !== undefined) {
            return { language, locale };
        }
    }
    return { language: languages[0], locale: languages[0] };
}

// Loads the texts and writes those of the document itself: of every element with `data-text`.
export async function loadTexts(languages) {
    const { language, locale } = choose(languages);
    const response = await fetch(new URL(`languages/${language}.json`, document.baseURI),
        { cache: 'no-cache', redirect: 'error', credentials: 'same-origin' });
    if (!response.ok) {
        throw new Error(`languages/${language}.json has status ${response.status}`);
    }
    Object.assign(loaded, { texts: await response.json(), language, locale });
    document.documentElement.lang = language;
    for (const element of document.querySelectorAll('[data-text]')) {
        element.textContent = text(element.dataset.text);
    }
}

export function currentLanguage() {
    return loaded.language;
}

// For Intl: the language with the user's region.
export function currentLocale() {
    return loaded.locale;
}

// Shows the page again in another language, which is remembered.
export function changeLanguage(language) {
    try {
        localStorage.setItem(saved, language);
    } catch {
        return;
    }
    location.reload();
}

export function hasText(key) {
    return Object.hasOwn(loaded.texts, key);
}

// The text with its values; `count` among them chooses the plural form. A key without a text is shown itself.
export function text(key, values = {}) {
    let found = hasText(key) ? loaded.texts[key] : key;
    if (typeof found === 'object') {
        const category = new Intl.PluralRules(loaded.locale).select(values.count);
        found = found[category] ?? found.other;
    }
    return found.replace(/\{(\w+)\}/g, (place, name) => Object.hasOwn(values, name) ? String(values[name]) : place);
}
