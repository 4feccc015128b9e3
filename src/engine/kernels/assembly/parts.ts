/**
 * Cells whose units are divided between two threads with a shared memory. Each thread computes its part of the units
 * of a step, from all of the state before; then both meet. A thread that is alone computes both parts of each step.
 * Within a unit the order of the sums is that of `kernels.ts`, so that the numbers are the same.
 */
import { COLUMN, FLOAT, gruGates, lstmGates, multiply } from './arithmetic';

export { pickColumns, project } from './arithmetic';

/** A thread's counter, which only grows, is followed by whether the thread sleeps. */
const ASLEEP: usize = 4;
/**
 * Looks at the other thread's counter before sleeping: at most a tenth of a millisecond, some times what waking up
 * takes. After each time that it did not suffice there are fewer, for the threads may share one core.
 */
const MOST_LOOKS = 200000;
const LEAST_LOOKS = 20000;
let looks = MOST_LOOKS;
/** How long the other thread may take for a step. */
const PATIENCE_MILLISECONDS = 1000;

/**
 * A part of a cell's units, as the host writes it before each block. `sums` and `signals` are the part's own in the
 * row of the next step, `state` its own c (LSTM) or h (GRU) before it.
 */
@unmanaged
class Part {
  panels: usize;
  count: i32;
  units: i32;
  sums: usize;
  state: usize;
  signals: usize;
  /** Of a GRU: what the hidden product starts from, and where it goes. */
  bias: usize;
  hidden: usize;
}

/**
 * Sleeps while the counter at `address` is `count`; 0 after `milliseconds`. The host's, for V8 11 (Node 20) goes wrong
 * after memory.atomic.wait32 until it has compiled a function for the second time.
 */
// @ts-ignore: decorator
@external('env', 'sleep')
declare function sleep(address: usize, count: i32, milliseconds: i32): i32;

/** What waiting came to. */
const LATE = 0;
const SEEN = 1;
const SLEPT = 2;

/**
 * Waits until the counter at `other` has reached `target`, which it may not do within `milliseconds` after `looks`
 * looks. `own` is the waiting thread's counter. Counters may wrap around.
 */
export function reached(own: usize, other: usize, target: i32, looks: i32, milliseconds: i32): i32 {
  for (let look = 0; look < looks; look++) {
    if (atomic.load<i32>(other) - target >= 0) return SEEN;
  }
  // Said before the last look: whoever counts on after it sees the sleeper and wakes it.
  atomic.store<i32>(own, 1, ASLEEP);
  let result = SLEPT;
  for (;;) {
    const count = atomic.load<i32>(other);
    if (count - target >= 0) break;
    if (sleep(other, count, milliseconds) === 0 && atomic.load<i32>(other) - target < 0) {
      result = LATE;
      break;
    }
  }
  atomic.store<i32>(own, 0, ASLEEP);
  return result;
}

/** Says that this thread has come to `target` and waits for the other one; false if it did not come. */
function meet(own: usize, other: usize, target: i32): bool {
  atomic.store<i32>(own, target);
  if (atomic.load<i32>(other, ASLEEP)) atomic.notify(own, 1);
  const result = reached(own, other, target, looks, PATIENCE_MILLISECONDS);
  looks = result === SEEN ? min(2 * looks, MOST_LOOKS) : max(looks / 4, LEAST_LOOKS);
  return result !== LATE;
}

/**
 * `gruAfter` of kernels.ts if `gru` is 1, `lstm` if it is 0, for part `a` of the units, and part `b` if it is not 0.
 * Rows of signals are `rowStride` bytes apart; `before` and `h` are whole rows, of `width` units. Meets the other
 * thread after each step, `met` being the count of steps so far, if `other` is not 0. Returns 0 if it did not come.
 */
export function recur(
  gru: i32,
  steps: i32,
  stride: i32,
  width: i32,
  before: usize,
  h: usize,
  plane: usize,
  rowStride: usize,
  a: Part,
  b: usize,
  own: usize,
  other: usize,
  met: i32,
): i32 {
  if (stride < 0) rowStride = -rowStride;
  for (let t = 1; t <= steps; t++) {
    step(gru, a, stride, width, before, plane, rowStride);
    if (b !== 0) step(gru, changetype<Part>(b), stride, width, before, plane, rowStride);
    if (other !== 0 && !meet(own, other, met + t)) return 0;
    before = h;
    h += rowStride;
  }
  return 1;
}

function step(
  gru: i32,
  p: Part,
  stride: i32,
  width: i32,
  before: usize,
  plane: usize,
  rowStride: usize,
): void {
  const unitBytes = (<usize>p.units) * FLOAT;
  if (gru) {
    multiply(p.panels, p.count, width, before, p.bias, p.hidden);
    gruGates(p.sums, p.hidden, unitBytes, p.state, p.signals, plane);
    p.state = p.signals + 3 * plane;
  } else {
    multiply(p.panels, p.count, width, before, p.sums, p.sums);
    lstmGates(p.sums, unitBytes, p.state, p.signals, plane);
    p.state = p.signals + 4 * plane;
  }
  p.signals += rowStride;
  p.sums += (<usize>(stride * p.count)) * COLUMN;
}
