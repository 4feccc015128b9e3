// An extension beside Gatescope's: writes down how long the event loop that they share stood still, and when.
const { appendFileSync } = require('node:fs');

const TICK = 5;
const WORTH = 20;

exports.activate = () => {
  const note = (stall) => appendFileSync(process.env.GATESCOPE_STALLS, `${Date.now()} ${stall}\n`);
  note(0);
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    const stall = now - last - TICK;
    if (stall > WORTH) note(stall);
    last = performance.now();
  }, TICK);
};
