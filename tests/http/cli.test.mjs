// The commands around the server: people, the control socket, the data folder, starting.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { freePort, request, signIn, sourceDir, startServer, temporaryFolder, understory, view } from '../support/server.mjs';

let folder;
before(async () => (folder = await temporaryFolder('cli')));
after(() => folder.remove());
const at = (name) => join(folder.path, name);

async function run(args, code = 0, options = {}) {
  const done = await understory(args, options);
  assert.equal(done.code, code, `${args.join(' ')}: ${done.stdout} ${done.stderr}`);
  return done;
}

/** What the control socket says to some bytes; '' when it just hangs up. */
function control(data, bytes) {
  return new Promise((resolve, reject) => {
    const socket = createConnection(join(data, 'control.sock'));
    let answer = '';
    socket.on('data', (d) => (answer += d));
    socket.on('error', (e) => (e.code === 'EPIPE' || e.code === 'ECONNRESET' ? resolve(answer) : reject(e)));
    socket.on('close', () => resolve(answer));
    socket.write(bytes);
  });
}

test('every command explains itself with an example', async () => {
  const { stdout } = await run(['--help']);
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) {2}/gm)].map((m) => m[1]);
  assert.ok(commands.length >= 9, stdout);
  for (const command of commands) {
    const help = await run([command, '--help']);
    assert.match(help.stdout, /^usage: understory /, command);
    assert.match(help.stdout, /^examples?:/im, command);
    assert.match(help.stdout, /^exit/im, command);
  }
  await run([], 2);
  await run(['unknown'], 2);
  assert.match((await run(['--version'])).stdout, /^understory \d+\.\d+\.\d+ \(.+\)$/m);
});

test('people without a server, then with one: the same commands', async () => {
  const data = at('people');
  const common = ['--data', data];
  await run(['person', 'department', 'surgery', 'Surgery', ...common]);
  await run(['person', 'department', 'medicine', 'Medicine', ...common]);
  const person = ['--name', 'Åsa Lindqvist', '--email', 'Asa@Example.edu', '--department', 'surgery', '--title', 'Professor'];
  const added = JSON.parse((await run(['person', 'add', ...person, '--json', ...common])).stdout);
  assert.equal(added.email, 'asa@example.edu');

  const s = await startServer({ data });
  try {
    const chair = JSON.parse((await run(['person', 'add', '--name', 'Kwame Mensah', '--email', 'k@example.edu', '--json', ...common])).stdout);
    await run(['person', 'grant', chair.uuid, 'chair', '--department', 'surgery', ...common]);
    await run(['person', 'appoint', 'asa@example.edu', '--department', 'medicine', '--title', 'Lecturer', ...common]);
    const roster = await view(s, '/departments/surgery', await signIn(s, 'k@example.edu'));
    assert.match(JSON.stringify(roster), /Åsa Lindqvist/);
    assert.match((await request(s, 'GET', '/', { cookie: await signIn(s, 'asa@example.edu') })).text, /Åsa|My learning/);
    const { people } = JSON.parse((await run(['person', 'list', '--json', ...common])).stdout);
    assert.deepEqual(people.map((p) => p.name).sort(), ['Kwame Mensah', 'Åsa Lindqvist']);
    assert.equal(JSON.parse((await run(['person', 'list', 'mensah', '--json', ...common])).stdout).people.length, 1);
  } finally {
    await s.stop();
  }
  // Nobody is deleted before it was said what goes, and the name was typed.
  const leave = (input, code) => run(['person', 'delete', 'asa@example.edu', '--reason', 'Has left', ...common], code, { input });
  const shown = await leave('Asa Lindqvist\n', 3);
  assert.match(shown.stdout, /^Åsa Lindqvist <asa@example\.edu>, uuid [\s\S]*Goes, for good:[\s\S]*Stays, with “Former member”/);
  assert.match(shown.stderr, /Nothing was changed/);
  const done = await leave('Åsa Lindqvist\n', 0);
  assert.match(done.stdout, new RegExp(`Deleted the account ${added.uuid}`));
  assert.doesNotMatch(readdirSync(data).filter((n) => n.startsWith('understory.db')).map((n) => readFileSync(join(data, n), 'utf8')).join(), /Åsa Lindqvist|asa@example/i);
});

test('what is done at the command line is in the audit, in its chain, and says that it was there', async () => {
  const data = at('audited');
  const common = ['--data', data];
  await run(['person', 'department', 'surgery', 'Surgery', ...common]);
  const add = ['person', 'add', '--name', 'Åsa Lindqvist', '--email', 'asa@example.edu', '--department', 'surgery', '--json', ...common];
  const { uuid } = JSON.parse((await run(add)).stdout);
  await run(add, 1); // is here already: nothing is done, nothing is written
  await run(['person', 'grant', uuid, 'chair', '--department', 'surgery', ...common]);
  await run(['person', 'grant', uuid, 'evaluator', ...common]);
  await run(['person', 'appoint', uuid, '--department', 'surgery', '--title', 'Dean', ...common]);
  const metadata = (id) => join(sourceDir, 'courses', id, 'course.json');
  const courses = readdirSync(join(sourceDir, 'courses')).filter((id) => existsSync(metadata(id)))
    .filter((id) => !JSON.parse(readFileSync(metadata(id))).site_required); // these wait for the site's blanks
  const s = await startServer({ data });
  try {
    await run(['person', 'link', uuid, ...common]);
    assert.equal(JSON.parse((await run(['audit', 'verify', '--json', ...common])).stdout).audit_rows, 6 + courses.length);
  } finally {
    await s.stop();
  }
  const { stdout } = await promisify(execFile)('sqlite3', ['-json', join(data, 'understory.db'), 'SELECT actor, action, subject, detail FROM audit ORDER BY seq']);
  assert.deepEqual(JSON.parse(stdout), [
    ...courses.map((id) => ['course.publish', id, 'first']), // at the first start
    ['department.add', 'surgery', ''],
    ['person.add', uuid, 'department=surgery'],
    ['person.grant', uuid, 'role=chair department=surgery'],
    ['person.grant', uuid, 'role=evaluator'],
    ['person.appoint', uuid, 'department=surgery'],
    ['person.link', uuid, ''],
  ].map(([action, subject, detail]) => ({ actor: null, action, subject, detail })));
});

test('what cannot be done says why, and names the field', async () => {
  const data = at('wrong');
  const common = ['--data', data];
  await run(['person', 'department', 'surgery', 'Surgery', ...common]);
  await run(['person', 'add', '--name', 'Ana Ríos', '--email', 'a@example.edu', ...common]);
  const cases = [
    [['person', 'add', '--email', 'x@example.edu'], 1, /value/],
    [['person', 'add', '--name', 'Ana Ríos', '--email', 'a@example.edu'], 1, /is here already/],
    [['person', 'add', '--name', 'Ana', '--email', 'no-address'], 1, /an e-mail address has one '@'/i],
    [['person', 'add', '--name', 'Ana', '--email', 'Ana <ana@example.edu>'], 1, /enter the address alone/],
    [['person', 'add', '--name', 'Ana', '--email', 'ana@localhost'], 1, /domain with a dot/],
    [['person', 'add', '--name', 'B', '--email', 'b@example.edu', '--department', 'nowhere'], 1, /no department with the code nowhere/],
    [['person', 'link', 'nobody@example.edu'], 1, /nobody here has/],
    [['person', 'link'], 2, /say which person/],
    [['person', 'link', 'a@example.edu', '--hours', '0'], 2, /whole number/],
    [['person', 'link', 'a@example.edu', '--hours', '999999'], 1, /1 to 744 hours/],
    [['person', 'grant', 'a@example.edu', 'king'], 1, /chair, evaluator, administrator or author/],
    [['person', 'grant', 'a@example.edu', 'chair'], 1, /--department CODE/],
    [['person', 'grant', 'a@example.edu', 'evaluator', '--department', 'surgery'], 1, /not for one department/],
    [['person', 'grant', 'a@example.edu', 'author', '--department', 'surgery'], 1, /not for one department/],
    [['person', 'department', 'Not A Code', 'Name'], 1, /small letters/],
    [['person', 'department', 'surgery', 'Again'], 1, /already/],
    [['person', 'list', 'a', 'b'], 2, /nothing to do with "b"/],
    [['serve', 'now'], 2, /nothing to do with "now"/],
    [['backup'], 2, /say which FILE/],
  ];
  for (const [args, code, message] of cases) assert.match((await run([...args, ...common], code)).stderr, message, args.join(' '));
  // A person that could not be put into a department was not added at all.
  assert.equal(JSON.parse((await run(['person', 'list', '--json', ...common])).stdout).people.length, 1);
});

test('a link leads to the step asked for, and to nowhere else', async () => {
  const s = await startServer({ demo: true });
  try {
    for (const [to, lands] of [['/certificates', '/certificates'], ['//evil.example', '/'], ['https://evil.example', '/']]) {
      const made = await run(['person', 'link', 'amara.okafor@example.edu', '--to', to, '--json', '--data', s.data]);
      const answer = await request(s, 'POST', new URL(JSON.parse(made.stdout).link).pathname, { form: {} });
      assert.equal(answer.headers.location, lands);
    }
  } finally {
    await s.stop();
  }
});

test('the control socket is private, strict and patient with nobody', async () => {
  const s = await startServer();
  try {
    assert.equal(statSync(join(s.data, 'control.sock')).mode & 0o777, 0o600);
    assert.equal(statSync(s.data).mode & 0o777, 0o700);
    for (const file of readdirSync(s.data)) assert.equal(statSync(join(s.data, file)).mode & 0o077, 0, file);
    const ping = JSON.parse(await control(s.data, '{"command":"ping"}\n'));
    assert.equal(ping.out.pid, s.pid);
    const refused = ['nonsense\n', '{}\n', '{"command":"none"}\n', '{"command":7}\n', '[]\n', '{"command":"ping"}trailing\n',
      `${'['.repeat(2000)}\n`, '{"command":"backup","in":{"path":"relative.tar"}}\n', '{"command":"person.link","in":[]}\n'];
    for (const line of refused) {
      const answer = JSON.parse(await control(s.data, line));
      assert.ok(answer.error?.message, line.slice(0, 50));
      assert.equal(answer.out, undefined);
    }
    assert.equal(await control(s.data, Buffer.alloc(100000, 'x')), '', 'a line over 64 kB is not listened to');
    // Somebody who says nothing holds others up for five seconds at most.
    const silent = createConnection(join(s.data, 'control.sock'));
    const started = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(JSON.parse(await control(s.data, '{"command":"ping"}\n')).out.pid, s.pid);
    assert.ok(Date.now() - started < 8000);
    silent.destroy();
  } finally {
    await s.stop();
  }
  assert.ok(!existsSync(join(s.data, 'control.sock')));
});

test('one process has a data folder at a time', async () => {
  const s = await startServer();
  try {
    const second = await run(['serve', '--data', s.data, '--listen', `127.0.0.1:${await freePort()}`], 1);
    assert.match(second.stderr, /is in use by another understory process/);
    const demo = await run(['demo', '--small', '--data', s.data], 1);
    assert.match(demo.stderr, /is in use/);
    assert.equal((await request(s, 'GET', '/readyz')).status, 200);
    await s.kill('SIGKILL');
    await run(['person', 'list', '--data', s.data]); // the dead server's socket is in nobody's way
    await s.start();
    assert.ok(JSON.parse(await control(s.data, '{"command":"ping"}\n')).out);
  } finally {
    await s.stop();
  }
});

test('settings come from the file, the environment and flags, and can be shown', async () => {
  const data = at('settings');
  mkdirSync(data);
  writeFileSync(join(data, 'understory.conf'), 'site_name = From the file\nworkers = 16\n');
  const show = async (args, env) => (await run(['serve', '--print-config', '--data', data, ...args], 0, { env })).stdout;
  assert.match(await show([]), /^site_name = From the file$/m);
  assert.match(await show([], { UNDERSTORY_SITE_NAME: 'From outside' }), /^site_name = From outside$/m);
  assert.match(await show(['--site-name', 'From a flag'], { UNDERSTORY_SITE_NAME: 'From outside' }), /^site_name = From a flag$/m);
  writeFileSync(join(data, 'understory.conf'), 'site_nam = X\n');
  assert.match((await run(['serve', '--data', data], 1)).stderr, /understory\.conf:1: there is no setting "site_nam"; did you mean site_name\?/);
  assert.ok(!existsSync(join(data, 'understory.db')));
});

test('a course with errors is in the log, and the server starts without it', async () => {
  const s = await startServer({ args: ['--courses', join(sourceDir, 'tests', 'data', 'courses')] });
  try {
    assert.equal((await request(s, 'GET', '/readyz')).status, 200);
    assert.match(s.log(), /questions\.md:\d+:\d+: error\[Q\d+\]/);
    assert.match(s.log(), /course broken has errors and was not published/);
  } finally {
    await s.stop();
  }
  const t = await startServer({ args: ['--courses', at('no-such-folder')] });
  try {
    assert.equal((await request(t, 'GET', '/readyz')).status, 200);
    assert.match(t.log(), /no-such-folder/);
  } finally {
    await t.stop();
  }
});

test('keys that others could read are not used; completions go on', async () => {
  const s = await startServer({ demo: true });
  try {
    await s.kill('SIGTERM');
    const keys = join(s.data, 'keys');
    for (const key of readdirSync(keys)) chmodSync(join(keys, key), 0o644);
    await s.start();
    assert.match(s.log(), /no certificate can be made now: /);
    assert.match(s.log(), /the log of certificates publishes nothing new: /);
    const { keys: shown } = await view(s, '/administration', await signIn(s, 'administrator'));
    assert.deepEqual([shown.signs, shown.log_signs], [false, false]);
    assert.match(shown.log_reason, /chmod 600/);
    assert.equal((await request(s, 'GET', '/', { cookie: await signIn(s, 'amara') })).status, 200);
  } finally {
    await s.stop();
  }
});

test('the clock can be set for tests', async () => {
  const s = await startServer({ demo: true, env: { UNDERSTORY_NOW: '2031-03-04T05:06:07Z' } });
  try {
    const medicine = await view(s, '/departments/medicine', await signIn(s, 'chair-medicine'));
    assert.match(medicine.as_of, /^2031-03-0[34]$/);
  } finally {
    await s.stop();
  }
});
