// HTTP by hand: sends exactly the bytes it is given, which no client library would, and reads the
// answers off the socket one after the other.
import net from 'node:net';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export class Raw {
  #socket;
  #bytes = Buffer.alloc(0);
  #ended = false;
  #wake = () => {};

  static open(port) {
    return new Promise((done, fail) => {
      const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('connect', () => done(new Raw(socket)));
      socket.once('error', fail);
    });
  }

  constructor(socket) {
    this.#socket = socket;
    socket.removeAllListeners('error');
    socket.on('error', (e) => { this.error = e.code; this.#ended = true; this.#wake(); });
    socket.on('data', (d) => { this.#bytes = Buffer.concat([this.#bytes, d]); this.#wake(); });
    socket.on('close', () => { this.#ended = true; this.#wake(); });
    socket.on('end', () => { this.#ended = true; this.#wake(); });
  }

  write(bytes) {
    if (!this.#socket.destroyed) this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  async #until(ready, timeout) {
    const end = Date.now() + timeout;
    while (!ready()) {
      if (this.#ended || Date.now() > end) return false;
      await Promise.race([new Promise((done) => { this.#wake = done; }), wait(Math.max(1, end - Date.now()))]);
    }
    return true;
  }

  // The next answer: { status, headers, body }, or null when the connection ended or nothing came.
  async response({ timeout = 8000, head = false } = {}) {
    let end = -1;
    if (!await this.#until(() => (end = this.#bytes.indexOf('\r\n\r\n')) >= 0, timeout)) return null;
    const lines = this.#bytes.subarray(0, end).toString('latin1').split('\r\n');
    const headers = {};
    for (const line of lines.slice(1)) {
      const colon = line.indexOf(':');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const length = head ? 0 : Number(headers['content-length'] ?? 0);
    await this.#until(() => this.#bytes.length >= end + 4 + length, timeout);
    const body = this.#bytes.subarray(end + 4, end + 4 + length);
    this.#bytes = this.#bytes.subarray(end + 4 + length);
    return { status: Number(lines[0].split(' ')[1]), headers, body, text: body.toString('utf8') };
  }

  // Did the server close within the time?
  async closed(timeout = 3000) {
    await this.#until(() => false, timeout);
    return this.#ended;
  }

  get unread() { return this.#bytes.toString('latin1'); }
  get ended() { return this.#ended; }
  end() { this.#socket.destroy(); }
}

// One connection, these bytes, the first answer; `closed` tells whether the server then closed.
export async function send(port, bytes, { timeout, head, closed = true } = {}) {
  const raw = await Raw.open(port);
  raw.write(bytes);
  const answer = await raw.response({ timeout, head });
  const result = { ...(answer ?? { status: 0, headers: {}, body: Buffer.alloc(0), text: '' }) };
  result.closed = closed ? await raw.closed(1500) : undefined;
  result.extra = raw.unread;
  raw.end();
  return result;
}

export { wait };
