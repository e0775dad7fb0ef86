// HTTP by hand: sends exactly the bytes it is given, which no client library would, and reads the
// answers off the socket one after the other. Every wait has an end and says what it waited for, and
// an open connection by itself does not keep a test from ending.
import net from 'node:net';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export class Raw {
  #socket;
  #bytes = Buffer.alloc(0);
  #ended = false;
  #wake = () => {};

  static open(port, { timeout = 5000 } = {}) {
    return new Promise((done, fail) => {
      const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
      const late = setTimeout(() => {
        socket.destroy();
        fail(new Error(`port ${port}: no connection in ${timeout} ms`));
      }, timeout);
      socket.once('connect', () => { clearTimeout(late); done(new Raw(socket)); });
      socket.once('error', (e) => { clearTimeout(late); fail(e); });
    });
  }

  constructor(socket) {
    this.#socket = socket;
    socket.removeAllListeners('error');
    socket.on('error', (e) => { this.error = e.code; this.#ended = true; this.#wake(); });
    socket.on('data', (d) => { this.#bytes = Buffer.concat([this.#bytes, d]); this.#wake(); });
    socket.on('close', () => { this.#ended = true; this.#wake(); });
    socket.on('end', () => { this.#ended = true; this.#wake(); });
    socket.unref();
  }

  write(bytes) {
    if (!this.#socket.destroyed) this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  // Sends these bytes once a second as long as the connection stands.
  trickle(bytes) {
    const timer = setInterval(() => this.write(bytes), 1000).unref();
    this.#socket.once('close', () => clearInterval(timer));
  }

  // Leaves what comes from now on with the system, and takes it again.
  pause() { this.#socket.pause(); }
  resume() { this.#socket.resume(); }

  // True as soon as it is ready, false when the connection ended or the time is up before.
  async #until(ready, timeout) {
    for (const end = Date.now() + timeout; !ready();) {
      const left = end - Date.now();
      if (this.#ended || left <= 0) return false;
      await new Promise((done) => {
        const late = setTimeout(done, left);
        this.#wake = () => { clearTimeout(late); done(); };
      });
    }
    return true;
  }

  async #part(name, ready, timeout) {
    if (await this.#until(ready, timeout)) return true;
    if (this.#ended) return false;
    throw new Error(`${name} of an answer did not come in ${timeout} ms; so far: ${JSON.stringify(this.unread.slice(0, 300))}`);
  }

  // The next answer: { status, headers, body }, or null when the connection ended before it was whole.
  async response({ timeout = 8000, head = false } = {}) {
    let end = -1;
    if (!await this.#part('the head', () => (end = this.#bytes.indexOf('\r\n\r\n')) >= 0, timeout)) return null;
    const lines = this.#bytes.subarray(0, end).toString('latin1').split('\r\n');
    const headers = {};
    for (const line of lines.slice(1)) {
      const colon = line.indexOf(':');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const length = head ? 0 : Number(headers['content-length'] ?? 0);
    if (!await this.#part('the body', () => this.#bytes.length >= end + 4 + length, timeout)) return null;
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
  try {
    raw.write(bytes);
    const answer = await raw.response({ timeout, head });
    const result = { ...(answer ?? { status: 0, headers: {}, body: Buffer.alloc(0), text: '' }) };
    result.closed = closed ? await raw.closed(1500) : undefined;
    result.extra = raw.unread;
    return result;
  } finally {
    raw.end();
  }
}

export { wait };
