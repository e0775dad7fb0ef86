// What the report tests share: asking as somebody, reading CSV, and taking part as a learner does.
import assert from 'node:assert/strict';
import { signIn } from '../support/server.mjs';

export class Person {
  static async in(s, name) {
    return new Person(s, (await signIn(s, name)).split(';')[0]);
  }

  constructor(s, cookie) {
    this.base = `http://localhost:${s.port}`;
    this.cookie = cookie;
  }

  ask(path, { accept = 'application/json', ...rest } = {}) {
    return fetch(this.base + path, { redirect: 'manual', ...rest, headers: { cookie: this.cookie, accept, ...rest.headers } });
  }

  async json(path) {
    const answer = await this.ask(path);
    assert.equal(answer.status, 200, `${path} → ${answer.status}`);
    return answer.json();
  }

  async html(path) {
    const answer = await this.ask(path, { accept: 'text/html' });
    assert.equal(answer.status, 200, `${path} → ${answer.status}`);
    return answer.text();
  }

  async post(path, fields = {}) {
    this.token ??= (await this.json('/')).page.form_token;
    return this.ask(path, {
      method: 'POST', body: new URLSearchParams({ form_token: this.token, ...fields }),
      headers: { 'sec-fetch-site': 'same-origin', accept: 'text/html' },
    });
  }
}

// RFC 4180, strictly: CR LF behind every record, quotes doubled inside quoted fields.
export function readCsv(text) {
  const records = [];
  let record = [], at = 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        assert.ok(at < text.length, 'a quoted field ends');
        if (text[at] === '"') at++;
        field += text[at];
      }
      at++;
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\r') {
        assert.notEqual(text[at], '"', 'a quote stands in quoted fields only');
        field += text[at++];
      }
    }
    record.push(field);
    if (text[at] === ',') { at++; if (text[at] === '\r') { record.push(''); } else continue; }
    assert.equal(text.slice(at, at + 2), '\r\n', 'a record ends with CR LF');
    at += 2;
    records.push(record);
    record = [];
  }
  assert.deepEqual(record, []);
  const [header, ...rows] = records;
  return rows.map((row) => {
    assert.equal(row.length, header.length);
    return Object.fromEntries(header.map((name, i) => [name, row[i]]));
  });
}

export async function csv(person, path) {
  const answer = await person.ask(path, { accept: '*/*' });
  assert.equal(answer.status, 200, `${path} → ${answer.status}`);
  assert.match(answer.headers.get('content-type'), /^text\/csv; charset=utf-8/);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(await answer.arrayBuffer());
  return { name: /filename="([^"]*)"/.exec(answer.headers.get('content-disposition'))[1], header: text.slice(0, text.indexOf('\r\n')), rows: readCsv(text) };
}

// A day as the site writes it in dates, so many days before today.
export async function daysAgo(person, path, days) {
  const { as_of } = await person.json(path);
  const day = new Date(`${as_of}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() - days);
  return day.toISOString().slice(0, 10);
}
