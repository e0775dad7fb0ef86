// Speed and memory, as ratios in one run. Floors are the same binary's own HTTP path with a constant
// page, and with a closure of one INSERT; everything else is divided by those. Medians of five.
//
//   node tests/bench/bench.mjs [--quick] [--certificates] [--table FILE]     --certificates: those rows alone
//
// Needs UNDERSTORY (a release binary), CHECKS and SIGNING (tests/bench/*.c, compiled) and wrk.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cookieOf, formToken, newLink, request, signIn, startServer, temporaryFolder, understory, view } from '../support/server.mjs';

const run = promisify(execFile);
const quick = process.argv.includes('--quick');
const only = process.argv.includes('--certificates');
const tableFile = process.argv.includes('--table') ? process.argv[process.argv.indexOf('--table') + 1] : null;
const ROUNDS = quick ? 1 : 5;
const SECONDS = quick ? 1 : 3;
const MANY = quick ? 10000 : 100000;
const rows = [];
const say = (text) => process.stderr.write(`${text}\n`);
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const number = (n) => (n >= 100 ? Math.round(n).toLocaleString('en-US') : n.toPrecision(3));

function row(what, figure, ratio, target, good) {
  rows.push({ what, figure, ratio, target, good });
  say(`${good === undefined ? '   ' : good ? 'ok ' : 'NO '} ${what}: ${figure}${ratio ? `, ratio ${ratio}` : ''} (${target})`);
}

// ---- wrk ----

// Answers go to one attempt after the other, as they do where everybody has an own one; a check is handed in after ten or so.
const ATTEMPTS = 59999;
const attemptUuid = '00000000-0000-7000-8000-%012x';

// The floor gets the very same requests as the answer save: only the path differs.
const lua = (name, from, cookie, token, path, items) => `
local n = 0
local thread = 0
function setup(t) t:set("id", thread); thread = thread + 1 end
function request()
  n = n + 1
  local attempt = string.format("${attemptUuid}", (${from} + 2 * n + id) % ${ATTEMPTS})
  local body = "item=" .. items[n % #items + 1] .. "&answer=" .. (n % 2 + 1) .. "&op_id=bench-${name}-" .. id .. "-" .. n
  return wrk.format("POST", ${path}, {
    ["Cookie"] = "${cookie}", ["X-Form-Token"] = "${token}", ["Sec-Fetch-Site"] = "same-origin",
    ["Accept"] = "application/json", ["Content-Type"] = "application/x-www-form-urlencoded" }, body)
end
items = { ${items.map((i) => `"${i}"`).join(', ')} }
function done(summary, latency) io.write("ERRORS " .. summary.errors.status .. "\\n") end
`;

const seconds = (text) => parseFloat(text) * (text.endsWith('us') ? 1e-6 : text.endsWith('ms') ? 1e-3 : text.endsWith('m') ? 60 : 1);

async function wrk(url, { connections = 8, cookie, script } = {}) {
  const args = [`-t${Math.min(2, connections)}`, `-c${connections}`, `-d${SECONDS}s`, '--latency'];
  if (cookie) args.push('-H', `Cookie: ${cookie}`);
  if (script) args.push('-s', script);
  const { stdout } = await run('wrk', [...args, url]);
  if (/Non-2xx or 3xx responses: (\d+)/.test(stdout)) throw new Error(`${url}: ${stdout}`);
  return { rate: parseFloat(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]), p99: seconds(/99%\s+(\S+)/.exec(stdout)[1]) };
}

/** Runs measures in turn, ROUNDS times, so that a slow minute of the machine falls on all alike. */
async function interleave(measures) {
  const results = Object.fromEntries(Object.keys(measures).map((k) => [k, []]));
  for (let i = 0; i < ROUNDS; i++)
    for (const [name, measure] of Object.entries(measures)) results[name].push(await measure());
  return Object.fromEntries(Object.entries(results).map(([name, list]) => [name, {
    rate: median(list.map((r) => r.rate)), p99: median(list.map((r) => r.p99 ?? 0)) }]));
}

// ---- people ----

/** One-time links straight from the control socket: thousands of them without a process each. */
function control(data, command, input) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(join(data, 'control.sock'));
    let text = '';
    socket.on('data', (d) => (text += d));
    socket.on('end', () => {
      const reply = JSON.parse(text);
      if (reply.out) resolve(reply.out);
      else reject(new Error(text));
    });
    socket.on('error', reject);
    socket.end(`${JSON.stringify({ command, in: input })}\n`);
  });
}

async function signInMany(s, emails) {
  const lines = [];
  let next = 0;
  const worker = async () => {
    while (next < emails.length) {
      const email = emails[next++];
      const answer = await control(s.data, 'person.link', { person: email });
      const link = new URL(answer.link);
      const cookie = cookieOf(await request(s, 'POST', link.pathname, { form: {} }));
      lines.push(`${cookie}\t${await formToken(s, cookie)}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return lines;
}

async function submit(s, cookie, path, form = {}) {
  const token = await formToken(s, cookie);
  return request(s, 'POST', path, { cookie, form: { ...form, form_token: token } });
}

// ---- the measurements ----

async function newLearner(s, name) {
  await understory(['person', 'add', '--name', name, '--email', `${name}@bench.example`, '--json', '--data', s.data]);
  const cookie = await signIn(s, `${name}@bench.example`);
  await submit(s, cookie, '/courses/humility/begin');
  return cookie;
}

/** Somebody who reads and somebody who answers, in more attempts than a person has: what the measures below ask for. */
async function learnersOf(s, folder) {
  const reader = await newLearner(s, 'ada');
  const cookie = await newLearner(s, 'bea');
  const course = await view(s, '/courses/humility', cookie);
  const lesson = course.path.find((p) => p.kind === 'lesson').href;
  const started = await submit(s, cookie, '/courses/humility/check');
  const attempt = started.headers.location.split('/')[2].split('?')[0];
  const page = await request(s, 'GET', `/attempts/${attempt}?view=all`, { cookie, accept: 'application/json' });
  const items = [...new Set(page.text.match(/q-humility-\d+/g))];
  const token = await formToken(s, cookie);
  await s.kill('SIGTERM');
  await run('sqlite3', [join(s.data, 'understory.db'), `
    WITH RECURSIVE more(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM more WHERE n + 1 < ${ATTEMPTS})
    INSERT INTO attempt (uuid, enrolment, person, publication, number, form, item_count, started_at)
    SELECT printf('${attemptUuid}', n), enrolment, person, publication, number + 1 + n, form, item_count, started_at
    FROM attempt CROSS JOIN more WHERE uuid = '${attempt}'`]);
  await s.start();
  let serial = 0;
  const post = (path, connections) => async () => {
    const script = join(folder, `post-${s.port}.lua`);
    await writeFile(script, lua(`r${serial}`, serial++ * 25000, cookie, token, path, items));
    return wrk(`${s.base}/`, { connections, script });
  };
  return {
    cookie: reader,
    page: () => wrk(s.base + lesson, { cookie: reader }),
    floor: (connections) => post('"/bench/save"', connections),
    save: (connections) => post('"/attempts/" .. attempt .. "/answer"', connections),
  };
}

async function pagesAndSaves(folder) {
  const s = await startServer({ logFile: true,  people: quick ? 1000 : 10000, args: ['--bench-routes', 'true'] });
  try {
    const { cookie, page, floor, save } = await learnersOf(s, folder);
    say('lesson page and answer save against their floors …');
    const r = await interleave({
      page: () => wrk(`${s.base}/bench/page`, { cookie }),
      lesson: page,
      floor8: floor(8),
      save8: save(8),
      floor32: floor(32),
      save32: save(32),
    });
    row('floor: constant page, 8 connections', `${number(r.page.rate)}/s`, '', 'floor');
    const lr = r.lesson.rate / r.page.rate;
    row('signed-in lesson page', `${number(r.lesson.rate)}/s, p99 ${(r.lesson.p99 * 1000).toFixed(1)} ms`, lr.toFixed(2), '≥ 0.35 (aim 0.5), p99 < 10 ms', lr >= 0.35 && r.lesson.p99 < 0.01);
    row('floor: one INSERT, 8 connections', `${number(r.floor8.rate)}/s`, '', 'floor');
    row('answer save, durable, 8 connections', `${number(r.save8.rate)}/s`, (r.save8.rate / r.floor8.rate).toFixed(2), '≥ 0.7', r.save8.rate / r.floor8.rate >= 0.7);
    row('floor: one INSERT, 32 connections', `${number(r.floor32.rate)}/s`, '', 'floor');
    row('answer save, durable, 32 connections', `${number(r.save32.rate)}/s`, (r.save32.rate / r.floor32.rate).toFixed(2), '≥ 0.7', r.save32.rate / r.floor32.rate >= 0.7);
    await wholeChecks(s, folder, floor(8));
  } finally {
    await s.stop();
  }
}

/** Each answer of the demonstration's learning checks, given again until there are `steps` of them. */
async function fillSteps(s, steps) {
  const sql = `CREATE TEMP TABLE base AS SELECT id, attempt, place, item_version, answer, mark, recorded_at FROM attempt_step;
    WITH RECURSIVE again(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM again WHERE n < 1 + ${steps} / (SELECT COUNT(*) FROM base))
    INSERT INTO attempt_step (attempt, op_id, id, place, item_version, answer, mark, recorded_at)
    SELECT attempt, 'again-' || n || '-' || id, id + 1000 * n, place, item_version, answer, mark, recorded_at FROM base CROSS JOIN again
    LIMIT ${steps} - (SELECT COUNT(*) FROM base);
    SELECT COUNT(*) FROM attempt_step;`;
  const { stdout } = await run('sqlite3', [join(s.data, 'understory.db'), sql]);
  return Number(stdout);
}

/** The ledger's rows once more until there are `rows` of them: long, but no chain. */
async function fillLedger(s, rows) {
  const sql = `CREATE TEMP TABLE base AS SELECT * FROM ledger;
    WITH RECURSIVE again(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM again WHERE n < 1 + ${rows} / (SELECT COUNT(*) FROM base))
    INSERT INTO ledger SELECT seq + n * (SELECT MAX(seq) FROM base), person, enrolment, kind, subject, evidence, earned_at, recorded_at, actor, reason, previous, hash
    FROM base CROSS JOIN again LIMIT MAX(0, ${rows} - (SELECT COUNT(*) FROM base));
    SELECT COUNT(*) FROM ledger;`;
  const { stdout } = await run('sqlite3', [join(s.data, 'understory.db'), sql]);
  return Number(stdout);
}

/** What others have done must not slow anybody: the same person's page and save with nobody else there. */
async function sizeMatters(folder) {
  const full = await startServer({ logFile: true,  people: quick ? 1000 : 10000 });
  const empty = await startServer({ logFile: true,  demo: true });
  try {
    await full.kill('SIGTERM');
    const steps = await fillSteps(full, quick ? 200000 : 2000000);
    await full.start();
    say(`with ${number(steps)} answers of others and with none …`);
    const [many, none] = [await learnersOf(full, folder), await learnersOf(empty, folder)];
    const r = await interleave({ page: many.page, pageAlone: none.page, save: many.save(8), saveAlone: none.save(8) });
    for (const [what, crowd, alone] of [['lesson page', r.page, r.pageAlone], ['answer save, 8 connections', r.save, r.saveAlone]]) {
      const ratio = crowd.rate / alone.rate;
      row(`${what} beside ${number(full.demo.people_count)} learners and ${number(steps)} answers`, `${number(crowd.rate)}/s (nearly empty: ${number(alone.rate)}/s)`, ratio.toFixed(2), '≥ 0.9 of the nearly empty database', ratio >= 0.9);
    }
    await full.kill('SIGTERM');
    full.demo.ledger_rows = await fillLedger(full, quick ? 100000 : 1000000);
    await coldStart(full, true);
  } finally {
    await full.stop();
    await empty.stop();
  }
}

async function wholeChecks(s, folder, floor) {
  const need = quick ? 1200 : 16000; // more than are used up in all rounds
  say(`signing ${need} people in …`);
  const list = [];
  for (let i = 0; i < need; i += 8)
    await Promise.all(Array.from({ length: Math.min(8, need - i) }, async (_, k) => {
      const email = `p${i + k}@bench.example`;
      await control(s.data, 'person.add', { name: `Person ${i + k}`, email });
      list.push(email);
    }));
  const lines = await signInMany(s, list);
  for (const line of lines.slice(0, need)) {
    const [cookie, token] = line.split('\t');
    const begun = await request(s, 'POST', '/courses/humility/begin', { cookie, form: { form_token: token } });
    if (begun.status !== 303) throw new Error(`begin: ${begun.status} ${begun.text}`);
  }
  say('whole learning checks …');
  const share = Math.floor(need / ROUNDS);
  let round = 0;
  const writes = [];
  const r = await interleave({
    floor,
    checks: async () => {
      const file = join(folder, 'people.txt');
      await writeFile(file, lines.slice(round * share, ++round * share).join('\n') + '\n');
      const { stdout } = await run(process.env.CHECKS, [String(s.port), file, '8', quick ? '0.5' : '2']);
      const done = JSON.parse(stdout);
      writes.push(done.writes / done.checks);
      return { rate: done.checks / done.seconds };
    },
  });
  const per = median(writes);
  const ratio = r.checks.rate / (r.floor.rate / per);
  row('whole learning checks, distinct people, 8 connections', `${number(r.checks.rate)}/s (${per} durable writes each)`, ratio.toFixed(2), '≥ 0.6 × floor saves/s ÷ writes', ratio >= 0.6);
}

async function rosterTime(s, cookie) {
  const from = process.hrtime.bigint();
  const bytes = await new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port: s.port, path: '/outcomes/roster.csv?course=humility', headers: { Host: `127.0.0.1:${s.port}`, Cookie: cookie } }, (answer) => {
      let n = 0, lines = 0;
      if (answer.statusCode !== 200) reject(new Error(`roster: ${answer.statusCode}`));
      answer.on('data', (d) => { n += d.length; for (const b of d) if (b === 10) lines++; });
      answer.on('end', () => resolve({ n, lines }));
    }).on('error', reject);
  });
  return { seconds: Number(process.hrtime.bigint() - from) / 1e9, ...bytes };
}

async function demoAndScale() {
  say(`a demonstration of ${MANY} people …`);
  const small = await startServer({ logFile: true,  people: 5000 });
  const evaluatorSmall = await signIn(small, small.demo.evaluator);
  const times5 = [];
  for (let i = 0; i < ROUNDS; i++) times5.push(await rosterTime(small, evaluatorSmall));
  await small.stop();
  const s = await startServer({ logFile: true,  people: MANY, ownCourses: true, args: ['--bench-routes', 'true'] });
  const d = s.demo;
  row('demo', `${number(d.calls / d.seconds)} domain calls/s (${number(d.calls)} calls, ${number(d.ledger_rows)} ledger rows)`, '', '≥ 20,000 calls/s', d.calls / d.seconds >= 20000);
  const evaluator = await signIn(s, d.evaluator);
  const times = [];
  for (let i = 0; i < ROUNDS; i++) times.push(await rosterTime(s, evaluator));
  const per5 = median(times5.map((t) => t.seconds / t.lines)) * 1e6, per = median(times.map((t) => t.seconds / t.lines)) * 1e6;
  row('roster CSV, 5,000 people', `${per5.toFixed(1)} µs a row`, '', 'linear');
  row(`roster CSV, ${number(MANY)} people`, `${per.toFixed(1)} µs a row, ${median(times.map((t) => t.seconds)).toFixed(2)} s`, (per / per5).toFixed(2), 'ratio of µs a row ≤ 1.3', per / per5 <= 1.3);
  await meanwhile(s, evaluator);
  await chairPage(s, d);
  await s.kill('SIGTERM');
  await coldStart(s, false);
  await s.start();
  await publishing(s);
  await s.stop();
}

/** Reading: every course of the curriculum checked, and a start that publishes them all. */
async function courses() {
  const checks = [], starts = [];
  for (let i = 0; i < ROUNDS; i++) {
    let from = process.hrtime.bigint();
    const { code, stderr } = await understory(['check', 'courses']);
    if (code !== 0) throw new Error(`check: ${stderr}`);
    checks.push(Number(process.hrtime.bigint() - from) / 1e6);
    const s = await startServer({ logFile: true });
    await s.kill('SIGTERM');
    from = process.hrtime.bigint();
    await s.start();
    starts.push(Number(process.hrtime.bigint() - from) / 1e6);
    await s.stop();
  }
  row('`understory check` of all courses', `${median(checks).toFixed(0)} ms`, '', '< 1 s', median(checks) < 1000);
  row('start with all courses', `${median(starts).toFixed(0)} ms`, '', '< 300 ms', median(starts) < 300);
}

async function meanwhile(s, evaluator) {
  const learner = await signIn(s, s.demo.chair);
  const before = await wrk(`${s.base}/courses`, { connections: 1, cookie: learner });
  const [during] = await Promise.all([
    wrk(`${s.base}/courses`, { connections: 1, cookie: learner }),
    wrk(`${s.base}/outcomes/roster.csv?course=humility`, { connections: 1, cookie: evaluator }), // one after another
  ]);
  row('another person’s page while a roster is exported', `p99 ${(during.p99 * 1000).toFixed(2)} ms (alone ${(before.p99 * 1000).toFixed(2)} ms)`, '', 'p99 < 10 ms', during.p99 < 0.01);
}

/** The longest that one save after the other had to wait while `work` ran, in ms. */
async function longestSave(s, work) {
  let going = true, longest = 0;
  const saves = (async () => {
    while (going) {
      const from = process.hrtime.bigint();
      const answer = await request(s, 'POST', '/bench/save', { form: {} });
      if (answer.status !== 204) throw new Error(`save: ${answer.status} ${answer.text}`);
      longest = Math.max(longest, Number(process.hrtime.bigint() - from) / 1e6);
    }
  })();
  await work();
  going = false;
  await saves;
  return longest;
}

/** A correction moves everybody who is under way; how long does that hold up others' saves? */
async function publishing(s) {
  const file = join(s.courses, 'humility', 'lessons', '02-where-competence-helped.md');
  const alone = [], during = [];
  let moved = 0;
  for (let i = 0; i < ROUNDS; i++) {
    await writeFile(file, `${await readFile(file, 'utf8')}\nOne sentence more.\n`);
    alone.push(await longestSave(s, () => new Promise((resolve) => setTimeout(resolve, 500))));
    during.push(await longestSave(s, async () => {
      const out = await control(s.data, 'publish', { course: 'humility', kind: 'correction', note: 'One sentence more.' });
      if (!out.published) throw new Error(JSON.stringify(out));
      moved = out.kinds.find((k) => k.kind === 'correction').move;
    }));
  }
  const held = median(during) - median(alone);
  row(`publishing a correction with ${number(moved)} learners under way: longest wait of another save`, `${median(during).toFixed(1)} ms (alone ${median(alone).toFixed(1)} ms)`, '', '< 50 ms more', held < 50);
}

/** Second appointments in one department until it has `size` people. */
async function growDepartment(s, code, size) {
  const query = `SELECT p.email FROM person p WHERE p.email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM appointment a
    JOIN department d ON d.id = a.department WHERE a.person = p.id AND d.code = '${code}') LIMIT
    ${size} - (SELECT COUNT(DISTINCT a.person) FROM appointment a JOIN department d ON d.id = a.department WHERE d.code = '${code}')`;
  const { stdout } = await run('sqlite3', ['-readonly', join(s.data, 'understory.db'), query]);
  for (const email of stdout.trim().split('\n').filter(Boolean))
    await control(s.data, 'person.appoint', { person: email, department: code, title: 'Member' });
}

async function chairPage(s, d) {
  await growDepartment(s, d.chair_department, 500);
  const chair = await signIn(s, d.chair);
  const path = `/departments/${d.chair_department}?course=humility`;
  const page = await view(s, path, chair);
  const people = page.people_count ?? page.rows?.length ?? page.total;
  const r = await wrk(s.base + path, { connections: 2, cookie: chair });
  row(`chair page, a department of ${people} among ${number(MANY)} people`, `p99 ${(r.p99 * 1000).toFixed(1)} ms, ${number(r.rate)}/s`, '', '500 people: p99 < 20 ms', r.p99 < 0.02);
}

/** Of a database as large as the targets name, or larger and for information. */
async function coldStart(s, named) {
  const times = [];
  for (let i = 0; i < ROUNDS; i++) {
    const from = process.hrtime.bigint();
    await s.start();
    times.push(Number(process.hrtime.bigint() - from) / 1e6);
    const cookie = await signIn(s, s.demo.evaluator);
    await rosterTime(s, cookie);
    for (const path of ['/', '/courses', '/outcomes']) await request(s, 'GET', path, { cookie });
    await wrk(`${s.base}/courses`, { connections: 32, cookie });
    const status = await readFile(`/proc/${s.pid}/status`, 'utf8');
    s.rss = Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
    await s.kill('SIGTERM');
  }
  const size = `${number(s.demo.people_count)} people, ${number(s.demo.ledger_rows)} ledger rows`, ms = median(times);
  row(`cold start until ready, ${size}`, `${ms.toFixed(0)} ms`, '', named ? '< 150 ms' : '', named ? ms < 150 : undefined);
  row(`resident memory after use, ${size}`, `${s.rss.toFixed(0)} MB`, '', named ? '< 48 MB' : '', named ? s.rss < 48 : undefined);
}

// ---- certificates ----

const sqlite = async (s, sql) => (await run('sqlite3', ['-batch', join(s.data, 'understory.db'), sql], { maxBuffer: 1 << 26 })).stdout.trim();

/** Signing, issuing and verifying beside one bare signature, one bare check and one durable commit. */
async function signing(folder) {
  say('signatures, commits, verifications …');
  const bare = JSON.parse((await run(process.env.SIGNING, [folder, quick ? '0.2' : '1'])).stdout);
  row('floor: one Ed25519 signature', `${number(bare.signature)}/s`, '', 'floor');
  row('floor: one check of a signature', `${number(bare.signature_check)}/s`, '', 'floor');
  row('floor: one durable commit of one row, one after the other', `${number(bare.commit)}/s`, '', 'floor');
  const verify = bare.verification / bare.signature_check;
  row('verifying a certificate (one signature)', `${number(bare.verification)}/s`, verify.toFixed(2), '≥ 0.5 of bare checks', verify >= 0.5);
  const both = (2 * bare.verification_with_list) / bare.signature_check;
  row('verifying a certificate with its status list (two signatures)', `${number(bare.verification_with_list)}/s`, both.toFixed(2), '≥ 0.5 of bare checks', both >= 0.5);
  return bare;
}

/** Every certificate of a key issued anew by `key compromise`, while the server runs. */
async function issuing(s, bare) {
  const [key] = JSON.parse((await understory(['key', 'list', '--json', '--data', s.data])).stdout).keys.filter((k) => k.signs);
  const from = process.hrtime.bigint();
  const { code, stdout, stderr } = await understory(['key', 'compromise', key.id, '--reason', 'bench', '--yes', '--json', '--data', s.data]);
  if (code !== 0) throw new Error(`key compromise: ${stderr}`);
  const seconds = Number(process.hrtime.bigint() - from) / 1e9, { tally: report } = JSON.parse(stdout);
  const floor = Math.min(bare.signature, bare.commit), rate = report.reissued / seconds;
  row(`issuing in batches: ${number(report.reissued)} certificates anew after a compromised key`, `${number(rate)}/s`, (rate / floor).toFixed(2), '≥ 0.5 of the slower of signature and commit', rate / floor >= 0.5);
}

async function printing(s) {
  const tokens = (await sqlite(s, 'SELECT token FROM certificate WHERE current = 1 ORDER BY id DESC LIMIT 40')).split('\n');
  const times = [];
  let largest = 0;
  for (const token of tokens) {
    const from = process.hrtime.bigint();
    const answer = await fetch(`${s.base}/v/${token}/certificate.pdf`);
    const size = (await answer.arrayBuffer()).byteLength;
    if (answer.status !== 200) throw new Error(`certificate.pdf: ${answer.status}`);
    times.push(Number(process.hrtime.bigint() - from) / 1e6);
    largest = Math.max(largest, size);
  }
  row('a PDF when it is first asked for', `${median(times).toFixed(0)} ms (the very first ${times[0].toFixed(0)} ms), at most ${(largest / 1000).toFixed(0)} kB`, '', '≤ 100 ms, ≤ 120 kB', median(times) <= 100 && largest <= 120000);
}

/** A million certificates in sixteen lists, one in a hundred revoked, beside a static file. */
async function statusLists(s) {
  const many = quick ? 100000 : 1000000;
  say(`the status lists of ${number(many)} certificates …`);
  await s.kill('SIGTERM');
  await sqlite(s, `PRAGMA foreign_keys=OFF; BEGIN;
    WITH RECURSIVE l(n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM l WHERE n < 999 + (${many} + 65535) / 65536)
    INSERT INTO status_list (id, opened_at, used) SELECT n, 0, 65536 FROM l;
    WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < ${many} - 1)
    INSERT INTO certificate (uuid, token, person, enrolment, publication, by_assessment, current, shared, key_id, status_list, status_index, earned_at, issued_at, bytes, sha256)
    SELECT 'bench-' || n, 'bench-' || n, e.person, e.id, e.publication, 0, 0, 1, 'bench', 1000 + n / 65536, (n % 65536) * 2 + 1, 0, 0, '{}', randomblob(32)
    FROM c CROSS JOIN (SELECT id, person, publication FROM enrolment LIMIT 1) e;
    INSERT INTO certificate_revocation (certificate, kind, reason, actor, recorded_at, status_list, status_index)
    SELECT id, 'revoked', 'bench', NULL, 0, status_list, status_index FROM certificate WHERE uuid LIKE 'bench-%' AND (id * 48271 % 2147483647) % 100 = 0;
    COMMIT;`);
  await s.start();
  const list = `${s.base}/status/1000`, html = await (await fetch(`${s.base}/`)).text();
  const first = process.hrtime.bigint();
  const bytes = (await (await fetch(list)).arrayBuffer()).byteLength;
  const ms = Number(process.hrtime.bigint() - first) / 1e6;
  const files = await Promise.all([...new Set([...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((m) => m[1]))].map(async (path) => ({ path, size: (await (await fetch(s.base + path)).arrayBuffer()).byteLength })));
  files.sort((a, b) => Math.abs(a.size - bytes) - Math.abs(b.size - bytes));
  const r = await interleave({ list: () => wrk(list), file: () => wrk(s.base + files[0].path) });
  const ratio = r.list.rate / r.file.rate;
  row(`floor: a static file of ${number(files[0].size)} bytes`, `${number(r.file.rate)}/s`, '', 'floor');
  row(`a status list among those of ${number(many)} certificates, ${number(bytes)} bytes`, `${number(r.list.rate)}/s (made in ${ms.toFixed(0)} ms)`, ratio.toFixed(2), 'the speed of a static file: ≥ 0.8', ratio >= 0.8);
}

async function certificates(folder) {
  const bare = await signing(folder);
  const s = await startServer({ logFile: true,  people: quick ? 1000 : 20000 });
  try {
    await issuing(s, bare);
    await printing(s);
    await statusLists(s);
  } finally {
    await s.stop();
  }
}

const folder = await temporaryFolder('bench');
try {
  if (!only) {
    await pagesAndSaves(folder.path);
    await sizeMatters(folder.path);
    await courses();
    await demoAndScale();
  }
  await certificates(folder.path);
} finally {
  await folder.remove();
}
const table = ['| what | measured | ratio | target | |', '|---|---|---|---|---|',
  ...rows.map((r) => `| ${r.what} | ${r.figure} | ${r.ratio} | ${r.target} | ${r.good === undefined ? '' : r.good ? 'yes' : '**no**'} |`)].join('\n');
const text = `# Performance\n\nMade by \`script/bench\` on ${cpus().length} cores (${cpus()[0].model.trim()}), ${new Date().toISOString().slice(0, 10)}. Load and server share the machine.\nRatios are within one run, medians of ${ROUNDS}; the floors are the same binary's HTTP path with a constant page and with a closure of one INSERT.\n\n${table}\n`;
if (tableFile) await writeFile(tableFile, text);
process.stdout.write(text);
