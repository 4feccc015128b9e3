/** Loaded into VS Code's processes: writes down how long the extension host's event loop stood still, and when. */
const { appendFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const TICK = 5;
const WORTH = 20;

if (isMainThread && process.argv.some((argument) => argument.includes('extensionHost'))) {
  const note = (stall) => appendFileSync(process.env.GATESCOPE_STALLS, `${Date.now()} ${stall}\n`);
  note(0);
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    const stall = now - last - TICK;
    if (stall > WORTH) note(stall);
    last = performance.now();
  }, TICK).unref();
}
