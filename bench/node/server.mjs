// AM's reset as a backend of its own, with fastify and ioredis, behind nginx. One call of the script
// for session and reset; ioredis puts what is asked in one turn of the event loop into one write.
//
//     server.mjs SOCKET REDIS-SOCKET SCRIPT     listens on SOCKET; SCRIPT is the file of reset.lua
import { createHash, randomFillSync } from 'node:crypto';
import * as crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as am from './am.mjs';

// Where npm has put them is not beside this file.
const load = createRequire(`${process.env.BENCH_MODULES}/`);
const fastify = load('fastify');
const { Redis } = load('ioredis');

const [socket, redisSocket, script] = process.argv.slice(2);

const redis = new Redis({ path: redisSocket, enableAutoPipelining: true, maxRetriesPerRequest: 0 });
redis.on('error', () => {}); // each command tells
redis.defineCommand('resetDevices', { numberOfKeys: 3, lua: readFileSync(script, 'utf8') });

const sha256 = crypto.hash
  ? (text) => crypto.hash('sha256', text)
  : (text) => createHash('sha256').update(text).digest('hex');

const idBytes = 16;
const random = Buffer.alloc(idBytes * 256);
let nextId = random.length;

// An id of the request's event.
function newId() {
  if (nextId === random.length) {
    randomFillSync(random);
    nextId = 0;
  }
  nextId += idBytes;
  return random.toString('hex', nextId - idBytes, nextId);
}

// What reset.lua returns, or a refusal is thrown.
async function reset(call, act, address) {
  const user = am.fold(call.user);
  const record = am.recordKey(call.realm, user);
  try {
    return await redis.resetDevices(record, `${record}:events`, `mfa:session:${sha256(call.token)}`,
      '20', '0', 'am', address, newId(), act ? '-fs' : 'afs', call.realm, user, call.factor, '', '0');
  } catch (error) {
    throw error.name === 'ReplyError' ? am.broken : am.uncertain;
  }
}

// Fastify gives every answer a Content-Type: the one that has none goes past it.
function respondUntyped(reply, { status, message }) {
  reply.hijack();
  reply.raw.writeHead(status, { ...am.commonHeaders, 'Content-Length': Buffer.byteLength(message) }).end(message);
}

function respond(reply, status, call, refusal) {
  reply.code(status).headers(am.commonHeaders)
    .header('Content-Type', refusal?.text ? 'text/plain;charset=UTF-8' : am.json);
  if (!refusal || refusal.byAction) {
    reply.header('Content-API-Version', 'resource=1.0');
  }
  if (call.versions && !call.versions.resource) {
    reply.header('Warning', am.warning);
  }
  if (status === 503) {
    reply.header('Retry-After', '1');
  }
  const pretty = call.parameters?.get('_prettyprint') === 'true';
  return refusal?.text ? refusal.message
    : refusal ? am.errorBody(refusal, pretty) : am.resultBody(pretty);
}

async function serve(request, reply) {
  const call = {};
  try {
    am.check(call, request.raw, request.body ?? '');
    const act = am.checkAct(call);
    am.checkAnswer(await reset(call, act, request.headers['x-real-ip']), act, call.user);
    return respond(reply, 200, call);
  } catch (refusal) {
    if (!refusal.status) {
      throw refusal;
    }
    return refusal.untyped ? respondUntyped(reply, refusal) : respond(reply, refusal.status, call, refusal);
  }
}

const app = fastify({
  logger: false,
  keepAliveTimeout: 75000, // longer than nginx keeps a connection that is not used
  exposeHeadRoutes: false,
  frameworkErrors: async (error, request, reply) => reply.send(await serve(request, reply)), // a URL that is none
});
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => done(null, body));
app.all('/*', serve);

process.umask(0o007); // nginx's workers are of the group
await app.listen({ path: socket });
