// A real server for tests: its own process, port and data folder, stopped by its own pid.
//
//   import { startServer, signIn, request } from '../support/server.mjs';
//   const s = await startServer({ demo: true });
//   const cookie = await signIn(s, 'amara');
//   const { status, json } = await request(s, 'GET', '/', { cookie, accept: 'application/json' });
//   after(() => s.stop());
import { execFile, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const sourceDir =
  process.env.SOURCE_DIR ?? dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const buildDir = process.env.BUILD_DIR ?? join(sourceDir, 'build', 'test');
export const program = process.env.UNDERSTORY ?? join(buildDir, 'understory');

/** Runs one command to its end: {code, stdout, stderr}; never throws for an exit code. */
export async function understory(args, { env = {}, cwd = sourceDir, input } = {}) {
  const child = run(program, args, {
    cwd,
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (input !== undefined) child.child.stdin.end(input);
  try {
    const { stdout, stderr } = await child;
    return { code: 0, stdout, stderr };
  } catch (e) {
    if (typeof e.code !== 'number') throw e;
    return { code: e.code, stdout: e.stdout, stderr: e.stderr };
  }
}

/** A folder that is removed by `await folder.remove()`. */
export async function temporaryFolder(name = 'test') {
  const path = await mkdtemp(join(tmpdir(), `understory-${name}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function exited(child) {
  return child.exitCode !== null || child.signalCode !== null;
}

/**
 * Starts a server and waits until it is ready.
 *   demo: true        the small demonstration: amara (finished), daniel (midway), mei, samuel (new),
 *                     chair-medicine, chair-surgery, evaluator, administrator, author
 *   people, seed      a large demonstration instead
 *   data              an existing folder (then it is not removed)
 *   ownCourses: true  the courses stand in a folder of its own, s.courses, to be edited
 *   logFile: true     the log goes to a file, not through a pipe to us: for measuring
 *   args, env         more settings: args: ['--origin', 'https://train.example.edu']
 * Gives {port, base, origin, data, pid, child, links, people, log(), stop(), kill(), restart()}.
 * `links` are the demonstration's own one-time links by key; signIn makes a new one each time.
 */
export async function startServer(options = {}) {
  const folder = options.data ? null : await temporaryFolder('server');
  const courses = options.ownCourses ? await temporaryFolder('courses') : null;
  if (courses) await cp(join(sourceDir, 'courses'), courses.path, { recursive: true });
  const port = options.port ?? (await freePort());
  const s = {
    port,
    base: `http://127.0.0.1:${port}`,
    origin: `http://127.0.0.1:${port}`,
    data: options.data ?? folder.path,
    settings: ['--listen', `127.0.0.1:${port}`, ...(courses ? ['--courses', courses.path] : []), ...(options.args ?? [])],
    courses: courses?.path,
    env: options.env ?? {},
    logFile: options.logFile ? `${options.data ?? folder.path}.log` : null,
    links: {},
    people: [],
    child: null,
    pid: 0,
    agent: new http.Agent({ keepAlive: true, maxSockets: 64 }),
  };
  try {
    if (options.demo || options.people) await fill(s, options);
    await launch(s);
  } catch (e) {
    await folder?.remove();
    await courses?.remove();
    throw e;
  }
  s.log = () => (s.logFile ? readFileSync(s.logFile, 'utf8') : s.stderr.join(''));
  s.stop = async () => {
    await end(s, 'SIGTERM');
    if (s.logFile) await rm(s.logFile);
    s.agent.destroy();
    await folder?.remove();
    await courses?.remove();
  };
  s.kill = (signal = 'SIGKILL') => end(s, signal);
  s.restart = async () => {
    await end(s, 'SIGTERM');
    await launch(s);
  };
  s.start = () => launch(s);
  return s;
}

async function fill(s, { people, seed = 1 }) {
  const size = people ? ['--people', String(people), '--seed', String(seed)] : ['--small'];
  const args = ['demo', ...size, '--json', '--data', s.data, ...s.settings];
  const { code, stdout, stderr } = await understory(args, { env: s.env });
  if (code !== 0) throw new Error(`demo ended with ${code}: ${stderr}`);
  s.demo = JSON.parse(stdout);
  s.people = s.demo.people ?? [];
  for (const p of s.people) s.links[p.key] = p.link;
}

async function launch(s) {
  s.stderr = [];
  s.stdout = '';
  s.child = spawn(program, ['serve', '--data', s.data, ...s.settings], {
    cwd: sourceDir,
    env: { ...process.env, ...s.env },
    stdio: ['ignore', 'pipe', s.logFile ? openSync(s.logFile, 'a') : 'pipe'],
  });
  s.pid = s.child.pid;
  s.child.stdout.on('data', (d) => (s.stdout += d));
  s.child.stderr?.on('data', (d) => s.stderr.push(String(d)));
  for (const until = Date.now() + 30000; Date.now() < until; await wait(15)) {
    if (exited(s.child)) throw new Error(`the server did not start: ${s.stderr.join('')}`);
    try {
      const { status } = await request(s, 'GET', '/readyz', { agent: false });
      if (status === 200) return;
    } catch (e) {
      if (e.code !== 'ECONNREFUSED' && e.code !== 'ECONNRESET') throw e;
    }
  }
  s.child.kill('SIGKILL');
  throw new Error(`the server was not ready in 30 s: ${s.stderr.join('')}`);
}

/** One line to the running server, as the command line sends it; its answer: {out} or {error}. */
export function control(s, command, input) {
  return new Promise((resolve, reject) => {
    const socket = connect(join(s.data, 'control.sock'));
    let text = '';
    socket.on('error', reject);
    socket.on('data', (d) => (text += d));
    socket.on('close', () => resolve(JSON.parse(text)));
    socket.write(`${JSON.stringify({ command, in: input })}\n`);
  });
}

/** Signals the server and waits until it has ended; a server that ended badly by itself is an error. */
async function end(s, signal) {
  const { child } = s;
  if (exited(child)) {
    if (child.exitCode !== 0 && signal === 'SIGTERM' && !s.endedBySignal)
      throw new Error(`the server had ended with ${child.exitCode}: ${s.stderr.join('')}`);
    return;
  }
  s.endedBySignal = signal !== 'SIGTERM';
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), 30000);
  await gone;
  clearTimeout(late);
  if (signal === 'SIGTERM' && child.exitCode !== 0)
    throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}: ${s.stderr.join('')}`);
}

/**
 * One request over real HTTP, redirects not followed.
 *   cookie   a Cookie header
 *   form     an object (or [name, value] pairs) sent as a form
 *   files    [name, value] pairs sent as multipart/form-data; a file is {filename, bytes}
 *   json     a value sent as JSON
 *   body     bytes as they are, with headers['Content-Type']
 *   accept   an Accept header
 *   headers  more headers; a value of null leaves a header out
 * Unsafe methods say `Sec-Fetch-Site: same-origin` as the site's own pages do, unless headers say
 * otherwise. Gives {status, headers, text, json (when it is JSON), body}.
 */
export function request(s, method, path, options = {}) {
  const headers = { Host: `127.0.0.1:${s.port}` };
  let body = options.body;
  if (options.form) {
    body = new URLSearchParams(options.form).toString();
    headers['Content-Type'] = 'application/x-www-form-urlencoded';
  } else if (options.files) {
    body = multipart(options.files);
    headers['Content-Type'] = `multipart/form-data; boundary=${boundary}`;
  } else if (options.json !== undefined) {
    body = JSON.stringify(options.json);
    headers['Content-Type'] = 'application/json';
  }
  if (options.cookie) headers.Cookie = options.cookie;
  if (options.accept) headers.Accept = options.accept;
  if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) headers['Sec-Fetch-Site'] = 'same-origin';
  if (body !== undefined) headers['Content-Length'] = Buffer.byteLength(body);
  Object.assign(headers, options.headers);
  for (const name of Object.keys(headers)) if (headers[name] === null) delete headers[name];
  return new Promise((resolve, reject) => {
    const agent = options.agent === undefined ? s.agent : options.agent;
    const message = http.request(
      { host: '127.0.0.1', port: s.port, method, path, headers, agent },
      (answer) => {
        const chunks = [];
        answer.on('data', (d) => chunks.push(d));
        answer.on('error', reject);
        answer.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString('utf8');
          const type = answer.headers['content-type'] ?? '';
          const json = /[/+]json/.test(type) && text ? JSON.parse(text) : undefined;
          resolve({ status: answer.statusCode, headers: answer.headers, text, json, body: bytes });
        });
      },
    );
    message.setTimeout(options.timeout ?? 30000, () => message.destroy(new Error(`${method} ${path}: no answer`)));
    message.on('error', reject);
    message.end(body);
  });
}

const boundary = '----understory-5f1c3f9a2b';

/** The bytes of a form with files, as browsers write it. */
export function multipart(fields, mark = boundary) {
  const parts = fields.map(([name, value]) => {
    const file = typeof value === 'object';
    const head = `--${mark}\r\nContent-Disposition: form-data; name="${name}"${file ? `; filename="${value.filename.replaceAll('"', '%22')}"\r\nContent-Type: application/octet-stream` : ''}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), Buffer.from(file ? value.bytes : String(value)), Buffer.from('\r\n')]);
  });
  return Buffer.concat([...parts, Buffer.from(`--${mark}--\r\n`)]);
}

/** The e-mail address behind a key of the small demonstration; an address or uuid stands for itself. */
export function whoIs(s, who) {
  return s.people.find((p) => p.key === who)?.email ?? who;
}

/** A new one-time link for somebody, made by the running server. */
export async function newLink(s, who, ...more) {
  const args = ['person', 'link', whoIs(s, who), '--json', '--data', s.data, ...more];
  const { code, stdout, stderr } = await understory(args, { env: s.env });
  if (code !== 0) throw new Error(`person link ended with ${code}: ${stderr}`);
  return JSON.parse(stdout).link;
}

/** The session's "name=value" of a Set-Cookie answer. */
export function cookieOf(answer) {
  const set = answer.headers['set-cookie'] ?? [];
  return set.map((c) => c.split(';')[0]).join('; ');
}

/** Signs somebody in by a new link's own button; gives the Cookie header. */
export async function signIn(s, who, form = {}) {
  const link = new URL(await newLink(s, who));
  const answer = await request(s, 'POST', link.pathname, { form });
  if (answer.status !== 303) throw new Error(`signing in as ${who}: ${answer.status} ${answer.text}`);
  return cookieOf(answer);
}

/** The form token of a session, from any page's JSON. */
export async function formToken(s, cookie, path = '/account') {
  const { status, json } = await request(s, 'GET', path, { cookie, accept: 'application/json' });
  if (status !== 200 || !json?.page?.form_token) throw new Error(`no form token on ${path}: ${status}`);
  return json.page.form_token;
}

/** A page's view: GET as JSON. */
export async function view(s, path, cookie) {
  const answer = await request(s, 'GET', path, { cookie, accept: 'application/json' });
  if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.text}`);
  return answer.json;
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** What a reader sees of a piece of HTML, roughly: without tags, white space collapsed. */
export function textOf(html) {
  return html
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => entities[name])
    .replace(/\s+/g, ' ')
    .trim();
}

/** The h1 of a page, as text. */
export function headingOf(html) {
  return textOf(/<h1\b[^>]*>([\s\S]*?)<\/h1>/i.exec(html)?.[1] ?? '');
}

/** Every link's address on a page. */
export function linksOf(html) {
  return [...html.matchAll(/<a\b[^>]*\shref="([^"]*)"/gi)].map((m) => m[1].replaceAll('&amp;', '&'));
}
