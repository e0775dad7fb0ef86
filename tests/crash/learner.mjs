// A learner as a program: takes learning checks over HTTP for as long as it is told to, keeps a
// note of everything that the server said was saved, and holds on through any number of crashes.
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cookieOf, request, sourceDir } from '../support/server.mjs';

const course = 'humility';
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Right answers by item id, from the course's own file. */
export function answerKeys() {
  const keys = new Map();
  let item = null;
  let option = 0;
  for (const line of readFileSync(join(sourceDir, 'courses', course, 'questions.md'), 'utf8').split('\n')) {
    const heading = /^## (\S+)/.exec(line);
    const box = /^- \[( |x)\]/.exec(line);
    if (heading) [item, option] = [heading[1], 0];
    if (!box) continue;
    option++;
    if (box[1] === 'x') keys.set(item, [...(keys.get(item) ?? []), option]);
  }
  return new Map([...keys].map(([id, numbers]) => [id, numbers.join(',')]));
}

export class Learner {
  /** `links` are one-time sign-in links: another person each time a course is completed. */
  constructor(server, links, keys) {
    Object.assign(this, { server, links, keys, cookie: '', token: '' });
    this.answers = []; // {attempt, op, item, answer}
    this.submitted = []; // {attempt}
    this.certificates = new Map(); // token → SHA-256 of the credential
    this.signIns = 0;
    this.requests = 0;
    this.unclear = 0; // requests that a crash cut off
    this.running = true;
  }

  /** The request until it is answered: a crash, or a server that is not up yet, is tried again. */
  async send(method, path, options = {}) {
    for (;;) {
      if (!this.running) throw new Stopped();
      try {
        const answer = await request(this.server, method, path, { cookie: this.cookie, timeout: 10000, ...options });
        this.requests++;
        if (answer.status !== 503) return answer;
      } catch (e) {
        if (e instanceof SyntaxError) throw e;
        this.unclear++;
      }
      await wait(10);
    }
  }

  async post(path, json, expected) {
    for (let tries = 0; ; tries++) {
      const headers = { 'X-Form-Token': this.token };
      const answer = await this.send('POST', path, { json, headers, accept: 'application/json' });
      if (answer.status === 403 && tries === 0) {
        await this.readToken();
        continue;
      }
      if (!expected.includes(answer.status)) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
      return answer;
    }
  }

  async view(path) {
    const answer = await this.send('GET', path, { accept: 'application/json' });
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  async readToken() {
    this.token = (await this.view('/account')).page.form_token;
  }

  /** Spends the next link. When a crash hides whether it was spent, the next one is taken. */
  async signIn() {
    while (this.links.length > 0) {
      const link = new URL(this.links.shift());
      const answer = await this.send('POST', link.pathname, { form: {}, cookie: '' });
      if (answer.status !== 303) continue; // spent by a request whose answer a crash cut off
      this.cookie = cookieOf(answer);
      this.signIns++;
      await this.readToken();
      await this.post(`/courses/${course}/begin`, {}, [303]);
      return true;
    }
    return false;
  }

  async answer(attempt, item, answer) {
    const op = randomUUID();
    const body = { item, answer, op_id: op };
    await this.post(`/attempts/${attempt}/answer`, body, [200]);
    this.answers.push({ attempt, op, item, answer });
  }

  /** One learning check; all right when `well`. True when it completed the course. */
  async check(well) {
    const started = await this.post(`/courses/${course}/check`, {}, [303]);
    const attempt = /\/attempts\/([0-9a-f-]+)/.exec(started.headers.location)?.[1];
    if (!attempt) throw new Error(`starting led to ${started.headers.location}`);
    const { items } = await this.view(`/attempts/${attempt}?view=all`);
    for (const { item } of items) await this.answer(attempt, item, well ? this.keys.get(item) : '1');
    const handed = await this.post(`/attempts/${attempt}/submit`, { certificate_name: 'Crash Learner' }, [303]);
    this.submitted.push({ attempt });
    return handed.headers.location.endsWith('/completed');
  }

  async keepCertificate() {
    const { certificates } = await this.view('/certificates');
    if (certificates.length !== 1) throw new Error(`${certificates.length} certificates for one completion`);
    const { body, status } = await this.send('GET', certificates[0].credential_href, { cookie: '' });
    if (status !== 200) throw new Error(`the credential: ${status}`);
    const token = /\/v\/([0-9A-Z]+)\//.exec(certificates[0].credential_href)[1];
    const sha256 = createHash('sha256').update(body).digest('hex');
    const before = this.certificates.get(token);
    if (before && before !== sha256) throw new Error(`certificate ${token} has changed`);
    this.certificates.set(token, sha256);
  }

  async run() {
    try {
      let well = false;
      while (this.cookie || (await this.signIn())) {
        const completed = await this.check(well);
        // A crash may have hidden the answer that said "completed"; then the page says it.
        const { certificates } = await this.view('/certificates');
        if (completed || certificates.length > 0) {
          await this.keepCertificate();
          if (this.links.length > 0) this.cookie = '';
        }
        well = !well || this.links.length > 0;
      }
    } catch (e) {
      if (!(e instanceof Stopped)) this.failure = e;
    }
  }
}

class Stopped extends Error {}
