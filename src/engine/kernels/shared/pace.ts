/** Which is faster, one thread or two: on a machine whose cores are taken, two wait for one another. */

/** Blocks in a row that are compared, the least of each kind: others may use the cores meanwhile. */
const TRIAL = 4;
/** Blocks that one thread computes after two were hardly faster, and the most of them if that happens again. */
const FEWEST = 8;
const MOST = 128;
/** What two threads must save to be worth a core. */
const WORTH = 0.85;
/** Twice in a row this much slower than one thread is enough to give it up at once. */
const HOPELESS = 2;

export class Pace {
  /** Blocks until the other way is tried, or the present one is looked at anew. */
  private left = TRIAL;
  private rest = FEWEST;
  /** Whether the next block is for two threads. The first ones are not: they are what is compared with. */
  together = false;
  private readonly least = { alone: Infinity, together: Infinity };
  private hopeless = 0;

  /** Told after each block how long a multiply-add took; blocks that were meant for two may have found no second. */
  note(how: 'alone' | 'together', time: number): void {
    this.least[how] = Math.min(this.least[how], time);
    if (how === 'alone' && this.together) return;
    this.hopeless = how === 'together' && time > HOPELESS * this.least.alone ? this.hopeless + 1 : 0;
    if (--this.left > 0 && this.hopeless < 2) return;
    if (!this.together) this.tryTogether();
    else if (this.hopeless < 2 && this.least.together < WORTH * this.least.alone) this.goOn();
    else this.goBack();
    this.least.together = Infinity;
  }

  private tryTogether(): void {
    this.together = true;
    this.left = TRIAL;
  }

  private goOn(): void {
    this.left = TRIAL;
    this.rest = FEWEST;
  }

  private goBack(): void {
    this.together = false;
    this.hopeless = 0;
    this.left = this.rest;
    this.rest = Math.min(MOST, 2 * this.rest);
    this.least.alone = Infinity;
  }
}
