// The pages' configuration, config.json beside them. All its addresses must be of the page's own origin.

function address(value, name) {
    if (typeof value !== 'string') {
        throw new Error(`${name} is not a text`);
    }
    const url = new URL(value, document.baseURI);
    if (url.origin !== location.origin) {
        throw new Error(`${name} is not of this origin`);
    }
    return url;
}

// `login` and `logout` may have {page}: the address of this page, to come back to.
function link(value, name) {
    if (value === undefined) {
        return null;
    }
    const page = encodeURIComponent(location.href.replace(/#.*/, ''));
    return address(String(value).replaceAll('{page}', page), name).href;
}

function languagesOf(value) {
    const code = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
    if (!Array.isArray(value) || value.length === 0 || !value.every((one) => code.test(one))) {
        throw new Error('languages is not a list of language codes');
    }
    return value;
}

async function read() {
    const response = await fetch(new URL('config.json', document.baseURI),
        { cache: 'no-cache', redirect: 'error', credentials: 'same-origin' });
    if (!response.ok) {
        throw new Error(`config.json has status ${response.status}`);
    }
    return response.json();
}

// Returns { am, login, logout, languages, problem }. `am` is AM's base path without a slash at its end, `login` and
// `logout` are addresses or null; `problem` says what is wrong, and then the rest is of no use.
export async function loadConfig() {
    const config = { am: '', login: null, logout: null, languages: ['en'], problem: '' };
    try {
        const json = await read();
        config.languages = languagesOf(json.languages);
        config.am = address(json.am, 'am').href.replace(/\/+$/, '');
        config.login = link(json.login, 'login');
        config.logout = link(json.logout, 'logout');
    } catch (error) {
        config.problem = error.message;
    }
    return config;
}
