// One tab at a time: the page that answers an attempt holds a lock under its name. A second tab finds it
// taken and may take it over; the first one is told. Without Web Locks every tab is its own, and the
// server still lets no answer be overwritten unseen.

const TRIES = 6; // the page left a moment ago, in this same tab, may still be on its way out
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** `mine(again)` when this tab has it (again: it was taken over), `taken(from)` when another has it. */
export function claim(name, { mine, taken }) {
  if (!navigator.locks) {
    mine(false);
    return () => {};
  }
  const ask = (options) =>
    new Promise((answered) => {
      navigator.locks
        .request(name, options, (lock) => {
          answered(lock !== null);
          return lock ? new Promise(() => {}) : undefined; // held as long as the page is there
        })
        .catch(() => taken("here")); // taken over
    });
  (async () => {
    for (let i = 0; i < TRIES; i++) {
      if (await ask({ ifAvailable: true })) return mine(false);
      await wait(100);
    }
    return taken("elsewhere");
  })();
  return async () => {
    await ask({ steal: true });
    mine(true);
  };
}
