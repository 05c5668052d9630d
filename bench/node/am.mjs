// The pure parts of AM's reset for the backend: what a request must be, in AM's order, and the answers.
export const json = 'application/json;charset=UTF-8';
export const warning = '100 chf "Accept-API-Version should be included in the request."';
export const commonHeaders = {
  'Cache-Control': 'private',
  'Expires': '0',
  'Pragma': 'no-cache',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'SAMEORIGIN',
  'Content-Security-Policy': "default-src 'none';frame-ancestors 'none';sandbox",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const reasons = {
  400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 409: 'Conflict',
  412: 'Precondition Failed', 413: 'Request Entity Too Large', 500: 'Internal Server Error',
  501: 'Not Implemented', 503: 'Service Unavailable',
};

export function errorBody({ status, message, detail }, pretty) {
  const body = { code: status, reason: reasons[status], message, detail };
  return pretty ? JSON.stringify(body, null, 2).replaceAll('": ', '" : ') : JSON.stringify(body);
}

export function resultBody(pretty) {
  return pretty ? '{\n  "result" : true\n}' : '{"result":true}';
}

// What is thrown to refuse. `text`: a plain text body instead of JSON; `untyped`: without a
// Content-Type, too; `byAction`: with Content-API-Version.
function refusal(status, message, more = {}) {
  return { status, message, ...more };
}

const noSession = refusal(401, 'Access Denied');
export const uncertain = refusal(503, 'Service Unavailable', {
  byAction: true, detail: 'The reset was sent and its answer was lost: it may have happened',
});
export const broken = refusal(500, 'Internal Server Error', { byAction: true });

// ---- names and keys

export const fold = (text) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

const encode = (name) => (/^[\w.~@+-]*$/.test(name) ? name
  : encodeURIComponent(name).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%40', '@').replaceAll('%2B', '+'));

export function recordKey(realm, user) {
  const path = realm === '/' ? '' : realm.split('/').map(encode).join('/');
  return `mfa:{${path}/${encode(user)}}`;
}

// ---- path and query

const badEncoding = refusal(400, 'The request has a bad percent-encoding', { text: true });

// Throws where the encoding is bad; where it is no UTF-8, decodeURIComponent throws, too.
function decode(text, path) {
  if (!text.includes('%')) {
    return text;
  }
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) {
    throw badEncoding;
  }
  try {
    return decodeURIComponent(text);
  } catch {
    throw refusal(400, `Resource path '${path}' contains a path element that is not UTF-8`);
  }
}

function checkSegment(segment, path) {
  const what = segment === '' ? 'empty path elements'
    : segment === '.' || segment === '..' ? "'.' or '..' path elements"
      : segment.includes('\0') ? 'a NUL character' : '';
  if (what) {
    throw refusal(400, `Resource path '${path}' contains ${what}`);
  }
}

const device = /^\/(?:[^/]+\/)*?json\/realms\/root((?:\/realms\/[^/]+)*)\/users\/([^/]+)\/devices\/2fa\/(oath|push)\/?$/;
const plain = /^[\w/~@+-][\w/~@+.-]*$/;

function readPath(call, path) {
  const found = device.exec(path);
  if (!plain.test(path) || path.includes('//') || path.includes('/.')) {
    for (const segment of path.replace(/^\//, '').replace(/\/$/, '').split('/').map((raw) => decode(raw, path))) {
      checkSegment(segment, path);
    }
  }
  if (!found) {
    const rest = /\/json\/(.*)$/.exec(path.replace(/\/$/, ''))?.[1] ?? '';
    call.routeRefusal = refusal(404, `Resource '${rest.replace(/^(?:realms\/[^/]+\/?)*/, '')}' not found`);
    return;
  }
  call.realm = fold(decode(found[1], path).replaceAll('/realms/', '/')) || '/';
  call.user = decode(found[2], path);
  call.factor = found[3];
}

const single = new Set(['_action', '_prettyprint', '_mimetype']);

function readQuery(call, query) {
  if (/%(?![0-9A-Fa-f]{2})/.test(query)) {
    throw badEncoding;
  }
  call.parameters = new Map();
  call.repeated = new Set();
  for (const [name, value] of new URLSearchParams(query)) {
    const known = name.toLowerCase();
    if (single.has(known) && call.parameters.has(known)) {
      call.repeated.add(known);
    } else if (single.has(known)) {
      call.parameters.set(known, value);
    }
  }
}

// ---- Accept-API-Version

const item = /^(protocol|resource)=(\d+)(?:\.(\d+))?$/;

// {protocol, resource}, each [major, minor] or absent; undefined where `value` is none.
function versionsOf(value) {
  const versions = {};
  for (const part of value === '' ? [] : value.split(/[ \t]*,[ \t]*/)) {
    const [, kind, major, minor = '0'] = item.exec(part) ?? [];
    if (!kind || versions[kind] || Number(major) > 2147483647 || Number(minor) > 2147483647) {
      return undefined;
    }
    versions[kind] = [Number(major), Number(minor)];
  }
  return versions;
}

function checkProtocol({ protocol: [major, minor] = [2, 1] }) {
  if (major > 2 || minor > 2) {
    throw refusal(400, `Unsupported ${major > 2 ? 'major' : 'minor'} version: ${major}.${minor}`);
  }
}

// ---- the syntax of CREST, in its order

const verbs = { GET: 'read', DELETE: 'deleted', PATCH: 'patched' };
const conditions = [
  ['if-modified-since', 409, 'Header If-Modified-Since not supported'],
  ['if-unmodified-since', 409, 'Header If-Unmodified-Since not supported'],
  ['if-none-match', 412, 'If-None-Match not supported for POST requests'],
  ['if-match', 412, 'If-Match not supported for POST requests'],
];

const repeated = (name) => refusal(400,
  `Multiple values provided for the single-valued request parameter '${name}'`);

function checkBody(body, media) {
  if (body.length > 65536) {
    throw refusal(413, 'The request content is larger than 65536 bytes');
  }
  if (body === '' || media === 'multipart/form-data') {
    return;
  }
  try {
    JSON.parse(body);
  } catch {
    throw refusal(400, 'The request could not be processed because the provided content is not valid JSON');
  }
}

function checkSyntax(call, headers, body) {
  if (call.method !== 'POST' && !verbs[call.method]) {
    throw refusal(501, `Method ${call.method} not supported`);
  }
  checkProtocol(call.versions);
  const media = (headers['content-type'] ?? '').split(';')[0].trim();
  if (!['', 'application/json', 'multipart/form-data'].includes(media.toLowerCase())) {
    throw refusal(400, `The request could not be processed because it specified the content-type '${media}' `
      + "when only the content-type 'application/json' and 'multipart/form-data' are supported");
  }
  for (const [name, status, message] of conditions) {
    if (headers[name] !== undefined) {
      throw refusal(status, message);
    }
  }
  const [major, minor] = call.versions.protocol ?? [2, 1];
  if (!call.parameters.has('_action') && (major < 2 || minor < 1)) {
    throw refusal(400, "No values provided for the request parameter '_action'");
  }
  if (call.repeated.has('_action')) {
    throw repeated('_action');
  }
  checkBody(body, media.toLowerCase());
  if (call.parameters.has('_mimetype')) {
    throw refusal(400, "Unrecognized request parameter '_mimeType'");
  }
  if (call.repeated.has('_prettyprint')) {
    throw repeated('_prettyPrint');
  }
}

// ---- the token

const cookie = /(?:^|;)\s*iPlanetDirectoryPro\s*=\s*("?)([^;]*?)\1\s*(?:;|$)/i;
const token = /^[A-Za-z0-9._*@#+/=%-]{1,8192}$/;

function readToken(call, headers) {
  const inCookie = headers.cookie && cookie.exec(headers.cookie)?.[2];
  call.token = inCookie || (headers.iplanetdirectorypro ?? '');
  if (inCookie && !headers['accept-api-version'] && headers['x-requested-with'] === undefined) {
    throw refusal(403, 'Forbidden');
  }
}

// ---- all of it

// Fills `call` from Node's request, or throws the first refusal.
export function check(call, { method, url, headers }, body) {
  const override = headers['x-http-method-override'];
  const mark = url.indexOf('?');
  const wanted = headers['accept-api-version'] ?? '';
  call.method = method === 'POST' && override ? override : method;
  call.versions = versionsOf(wanted);
  readQuery(call, mark < 0 ? '' : url.slice(mark + 1));
  readPath(call, mark < 0 ? url : url.slice(0, mark));
  readToken(call, headers);
  if (!call.versions) {
    throw refusal(400, `Version string is in an invalid format: ${wanted.replace(/[^ -~]/g, '?')}`,
      { text: true, untyped: true });
  }
  checkSyntax(call, headers, body);
  if (call.routeRefusal) {
    throw call.routeRefusal;
  }
  if (verbs[call.method]) {
    throw refusal(400, `The resource collection  cannot be ${verbs[call.method]}`);
  }
  if (!token.test(call.token)) {
    throw noSession;
  }
}

// Why nothing is done even for those who may; nothing where it is done.
export function checkAct({ versions: { resource: [major, minor] = [1, 0] }, parameters }) {
  if (major !== 1 || minor !== 0) {
    return refusal(404, "Resource '' not found");
  }
  const action = parameters.get('_action');
  return action === undefined ? refusal(501, 'Operation is not supported.', { byAction: true })
    : action !== 'reset' ? refusal(501, 'Not Implemented', { byAction: true }) : undefined;
}

// Throws what reset.lua's answer comes to, where it is not that the reset is done.
export function checkAnswer(answer, act, user) {
  const [verdict, caller, , universalId] = answer.split('\0', 4);
  if (verdict === 'unauthenticated') {
    throw noSession;
  }
  if (verdict === 'forbidden') {
    throw refusal(403, `User, ${universalId || `id=${caller}`}, not authorized.`);
  }
  if (act) {
    throw act;
  }
  if (verdict === 'unknown') {
    throw refusal(404, `User ${user} not found`, { byAction: true });
  }
  if (!['done', 'nothing', 'no_record'].includes(verdict)) {
    throw broken;
  }
}
