// Answers on their way. What could not be sent yet waits under the person's own key, on a shared
// computer in memory only, and is sent in order. Each goes under its operation id, so one that arrived
// although its reply got lost is not added twice; and each says which answer it was chosen over (`was`),
// so none is overwritten unseen.
//   {op, attempt, save, item, answer, was, held}, oldest first; held: two answers, the person chooses

const PAUSE_FIRST = 1000; // ms
const PAUSE_MOST = 30000;

function newOperation() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

/**
 * `send(entry)` settles an entry, or gives {why, after} when sending has to wait (after: milliseconds);
 * it throws when nobody answers. `told(later)` is called when a round of sending has ended.
 */
export function openOutbox({ person, keeps, send, told, changed }) {
  const key = `unsent-answers:${person}`;
  const inFlight = new Set();
  let memory = [];
  let stored = keeps; // until there is no room or no storage: then memory holds them while the page is open
  let silent = false; // another tab goes on: it sends what the device keeps
  let sending = null;
  let pause = PAUSE_FIRST;
  let retry = 0;

  function entries() {
    if (!stored) return memory;
    try {
      return JSON.parse(localStorage.getItem(key)) ?? [];
    } catch {
      return memory;
    }
  }

  function set(list) {
    memory = list;
    changed(list.length);
    if (!stored) return;
    try {
      if (list.length) localStorage.setItem(key, JSON.stringify(list));
      else localStorage.removeItem(key);
    } catch {
      stored = false;
    }
  }

  const of = (attempt, item) => entries().filter((e) => e.attempt === attempt && (item === undefined || e.item === item));
  const drop = (op) => silent || set(entries().filter((e) => e.op !== op));
  const hold = (op, held) => silent || set(entries().map((e) => (e.op === op ? { ...e, held } : e)));

  // An earlier choice for the same question that never left gives way to the later one; what is on its
  // way will have been the answer before.
  function put({ attempt, save, item, answer, known }) {
    const before = of(attempt, item).at(-1);
    const was = !before ? known : inFlight.has(before.op) ? before.answer : before.held ? before.held.saved.answer : before.was;
    const rest = entries().filter((e) => e.attempt !== attempt || e.item !== item || inFlight.has(e.op));
    set([...rest, { op: newOperation(), attempt, save, item, answer, was }]);
  }

  async function sendAll() {
    for (;;) {
      const entry = silent ? undefined : entries().find((e) => !e.held);
      if (!entry) return null;
      inFlight.add(entry.op);
      try {
        const later = await send(entry);
        if (later) return later;
        pause = PAUSE_FIRST;
      } catch {
        return { why: "away" };
      } finally {
        inFlight.delete(entry.op);
      }
    }
  }

  /** True when nothing waits any more but what the person has to choose. */
  function drain() {
    clearTimeout(retry);
    sending ??= sendAll().then((later) => {
      sending = null;
      if (!later && !silent && entries().some((e) => !e.held)) return drain();
      told(later);
      if (later) {
        retry = setTimeout(drain, Math.max(later.after ?? 0, pause));
        pause = Math.min(pause * 2, PAUSE_MOST);
      }
      return !later;
    });
    return sending;
  }

  return { entries, of, put, drop, hold, drain, forget: () => set([]), silence: (on) => (silent = on && keeps) };
}
