// People for tests, made by the running server's own commands, with a session as a script uses it.
import assert from 'node:assert/strict';
import { formToken, request, signIn, understory, view } from './server.mjs';

/** A person of this name and address: {uuid, …}. `more`: options of `understory person add`. */
export async function addPerson(s, name, email, more = []) {
  const args = ['person', 'add', '--name', name, '--email', email, '--json', '--data', s.data, ...more];
  const { code, stdout, stderr } = await understory(args);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

/** An object (whose values may be lists) or [name, value] pairs, as pairs. */
const pairs = (form) =>
  Array.isArray(form) ? form : Object.entries(form).flatMap(([name, value]) => [value].flat().map((v) => [name, v]));

/** Somebody's session: get, view (the page as JSON), post with the form token. `form`: of the sign-in. */
export async function session(s, who, form = {}) {
  const cookie = await signIn(s, who, form);
  const token = await formToken(s, cookie);
  return {
    cookie,
    token,
    get: (path, accept) => request(s, 'GET', path, { cookie, accept }),
    view: (path) => view(s, path, cookie),
    post: (path, fields = [], accept) =>
      request(s, 'POST', path, { cookie, accept, form: [['form_token', token], ...pairs(fields)] }),
  };
}

let count = 0;

/** Somebody new, signed in: a session and {email}. `roles`: author, evaluator, administrator; `form`: of the sign-in. */
export async function newPerson(s, { roles = [], form } = {}) {
  const email = `learner-${++count}@example.edu`;
  await addPerson(s, `Learner ${count}`, email);
  for (const role of roles) {
    const { code, stderr } = await understory(['person', 'grant', email, role, '--data', s.data]);
    assert.equal(code, 0, stderr);
  }
  return { email, ...(await session(s, email, form)) };
}
