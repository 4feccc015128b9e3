/** The search for other places at which the same units are on, in a run and in other sequences of its model, for the panel. */
import type { Clamp } from '../engine/clamps';
import { type Match, type Pattern, Ranking, findMatches } from '../engine/matches/find';
import { type OnProgress, onUnitsOfRun } from '../engine/matches/ofRun';
import { OnUnits } from '../engine/matches/onUnits';
import { type Stretch, unitsThrough } from '../engine/matches/pattern';
import { estimateMilliseconds, runCost } from '../engine/plan';
import { WHOLE_TRACE_BYTES, keptBytes } from '../engine/recording/plan';
import { type Work, inSlices } from '../engine/slices';
import type { Limits } from '../model/limits';
import type { Network, SignalAddress } from '../model/network';
import { signalUnits } from '../model/signals';
import type { Sequence } from '../model/samples';
import { stepOfRow, type TimedRows } from '../model/time';
import type { Weights } from '../model/weights';
import { threads } from '../platform/platform';
import type { Matches, MatchesQuestion, MatchPlace } from '../protocol';
import type { Translate } from '../words/translate';
import type { FinishedRun } from './finishedRun';
import type { ChosenSequence } from './scene';
import { labelsOf, type LabelColumn } from './labels';
import { surroundings } from './surroundings';
import { words } from './words';

const helper = threads();

/** Matches that are sent. */
const MOST_SENT = 200;
/** What a part of an answer takes at most, the first and each later one, in milliseconds. */
const FIRST_MILLISECONDS = 400;
const LATER_MILLISECONDS = 1000;
/** Other sequences that are estimated to run longer are left out. */
const LONG_MILLISECONDS = 10_000;

/** What is searched. */
export interface SearchGround {
  readonly network: Network;
  readonly weights: Weights;
  readonly samples: readonly ChosenSequence[];
  /** Brought by the user. */
  readonly file?: ChosenSequence;
  readonly labels?: LabelColumn;
  readonly limits: Limits;
  readonly translate: Translate;
}

/** What the pattern is from. */
export interface Origin {
  readonly choice: ChosenSequence;
  /** Of a what-if; held in the other sequences, too. */
  readonly clamps?: readonly Clamp[];
  /** The run, while it is there; without it, it is run again. */
  readonly finished?: FinishedRun;
}

interface Place extends Pick<MatchPlace, 'kind' | 'sample' | 'title'> {
  readonly sequence: Sequence;
  /** Of its steps. */
  readonly labels: readonly string[] | undefined;
  state: MatchPlace['state'];
  reason?: string;
  /** Multiply-adds that are done, of about `total`. */
  done: number;
  readonly total: number;
  /** How its rows stand to its steps, once that is known. */
  rows?: TimedRows;
  readonly on: (onStretch: OnProgress) => Work<OnUnits>;
}

interface Found extends Match {
  readonly place: number;
}

/** What is known of the matches. */
interface Known {
  readonly pattern: Pattern;
  readonly ranking: Ranking<Found>;
}

export class Search {
  private readonly places: Place[];
  private readonly work: Work<void>;
  private known?: Known;
  /** Of the origin, while it is being filled. */
  private filling?: OnUnits;
  private current?: Place;
  private done = false;

  constructor(
    private readonly question: MatchesQuestion,
    private readonly ground: SearchGround,
    private readonly origin: Origin,
  ) {
    const { choice } = origin;
    const others = ground.samples.filter(({ sample }) => sample !== choice.sample);
    this.places = [
      this.placeOf('run', choice),
      ...others.map((other) => this.placeOf('sample', other)),
      ...(ground.file ? [this.placeOf('file', ground.file)] : []),
    ];
    this.work = this.all();
  }

  /** What is known after some more work. Rejects as `run` does, and with RangeError where the run has no such steps. */
  async part(
    part: number,
    signal: AbortSignal,
    milliseconds = part === 0 ? FIRST_MILLISECONDS : LATER_MILLISECONDS,
  ): Promise<Matches> {
    const end = performance.now() + milliseconds;
    const options = { signal };
    if (!this.done) this.done = await inSlices(this.until(end), options, (cost) => [cost, cost]);
    const known = this.known ?? (await inSlices(this.provisional(), options, (cost) => [cost, cost]));
    return { ...this.answer(known), part, highest: await this.highest(known) };
  }

  /** True where all is done. */
  private *until(end: number): Work<boolean> {
    for (;;) {
      const piece = this.work.next();
      if (piece.done) return true;
      if (this.current) this.current.done += piece.value;
      yield piece.value;
      if (performance.now() >= end) return false;
    }
  }

  private placeOf(kind: MatchPlace['kind'], choice: ChosenSequence): Place {
    const { network, weights, limits } = this.ground;
    const { sample, title, sequence } = choice;
    const { clamps = [], finished } = this.origin;
    const isHeld = kind === 'run' && finished !== undefined;
    const units = unitsOf(network, this.question.signal);
    const bytes = OnUnits.bytes(sequence.steps, units) + (isHeld ? 0 : keptBytes(network, sequence));
    const reason = obstacle(this.ground, sequence, bytes, kind !== 'run');
    const ran = { network, weights, sequence, clamps };
    const most = Math.min(WHOLE_TRACE_BYTES, limits.memory);
    return {
      ...{ kind, sample, title, sequence, reason },
      labels: labelsOf(sequence, this.ground.labels),
      state: reason === undefined ? 'waits' : 'left',
      ...{ done: 0, total: Math.max(1, runCost(network, sequence)) },
      on: (onStretch) =>
        isHeld
          ? finished.on(this.question, onStretch)
          : onUnitsOfRun(ran, this.question, { most, helper, onStretch }),
    };
  }

  private *all(): Work<void> {
    const [origin, ...others] = this.places;
    if (origin.reason !== undefined) throw new Error(origin.reason);
    yield* this.searchOrigin(origin);
    for (const [k, other] of others.entries()) {
      if (other.state === 'left' || this.known!.pattern.units.length === 0) continue;
      this.begin(other);
      try {
        const on = yield* other.on(() => {});
        const found = yield* findMatches(on, this.known!.pattern);
        yield* this.known!.ranking.addAll(found, (match) => ({ ...match, place: k + 1 }));
        this.finish(other, on);
      } catch (error) {
        Object.assign(other, {
          state: 'left',
          reason: error instanceof Error ? error.message : String(error),
        });
      }
    }
  }

  private *searchOrigin(origin: Place): Work<void> {
    this.begin(origin);
    const on = yield* origin.on((filled) => (this.filling = filled));
    const known = yield* this.matchesIn(on, on);
    this.finish(origin, on);
    this.known = known;
    this.filling = undefined;
  }

  private begin(place: Place): void {
    this.current = place;
    place.state = 'searching';
  }

  private finish(place: Place, rows: TimedRows): void {
    Object.assign(place, { state: 'searched', rows: { rows: rows.rows, time: rows.time } });
  }

  /** The pattern, and its other places in the run that it is from. */
  private *matchesIn(on: OnUnits, rows: TimedRows): Work<Known> {
    const { offBefore, offAfter } = this.question;
    const own = this.rowsIn(rows);
    const pattern = {
      ...{ units: unitsThrough(on, { ...own, offBefore, offAfter }), offBefore, offAfter },
      length: own.to - own.from + 1,
    };
    const known = { pattern, ranking: new Ranking<Found>(pattern.length, MOST_SENT) };
    const found = yield* findMatches(on, pattern, own);
    yield* known.ranking.addAll(found, (match) => ({ ...match, place: 0 }));
    return known;
  }

  /** Of a long run of which a part is known. */
  private *provisional(): Work<Known | undefined> {
    const { filling, question } = this;
    if (!filling || filling.known <= question.to + question.offAfter) return undefined;
    this.places[0].rows = { rows: filling.rows, time: filling.time };
    return yield* this.matchesIn(filling.soFar, filling);
  }

  /** The rows of the steps that are asked for. */
  private rowsIn(rows: TimedRows): Stretch {
    const { from, to, signal } = this.question;
    const { sequence } = this.places[0];
    let [first, last] = [-1, -1];
    for (let row = 0; row < rows.rows; row++) {
      const step = stepOfRow(sequence, rows, row);
      if (step < from || step > to) continue;
      if (first < 0) first = row;
      last = row;
    }
    if (first >= 0) return { from: first, to: last };
    const { translate } = this.ground;
    throw new RangeError(
      translate(words.noRowsThere, signal.signal, signal.layer, stepOfRow(sequence, rows, rows.rows - 1) + 1),
    );
  }

  /** Below which threshold at least one unit is on; null where one is, or that is not known. */
  private async highest(known: Known | undefined): Promise<number | null> {
    const { finished } = this.origin;
    if (!known || known.pattern.units.length > 0 || !finished) return null;
    const { from, to } = this.rowsIn(this.places[0].rows!);
    const { min } = await finished.rows({ signal: this.question.signal, from, to: to + 1, columns: 1 });
    const highest = min.reduce((most, value) => Math.max(most, value), -Infinity);
    return Number.isFinite(highest) ? highest : null;
  }

  private answer(known: Known | undefined): Omit<Matches, 'part' | 'highest'> {
    const { question, places, ground } = this;
    const matches = (known?.ranking.matches ?? []).map(({ place, from, to, score }) => {
      const { sequence, rows, labels } = places[place];
      const [first, last] = [from, to].map((row) => stepOfRow(sequence, rows!, row));
      const around = surroundings(ground.network, sequence, first, last, labels);
      return { place, from: first, to: last, score, around };
    });
    return {
      question,
      units: known?.pattern.units ?? null,
      range: surroundings(ground.network, places[0].sequence, question.from, question.to, places[0].labels),
      found: known?.ranking.found ?? 0,
      matches,
      places: places.map(({ kind, sample, title, sequence, labels, state, reason, done, total }) => ({
        ...{ kind, sample, title, state, steps: sequence.steps },
        share: state === 'searched' ? 1 : Math.min(1, done / total),
        ...(reason !== undefined && { reason }),
        labelled: labels !== undefined,
      })),
      done: this.done,
    };
  }
}

/** Why a sequence is not searched, which would take so many bytes; undefined if it is. `timed` asks that it is quick, too. */
function obstacle(
  { network, limits: { memory }, translate }: SearchGround,
  sequence: Sequence,
  bytes: number,
  timed: boolean,
): string | undefined {
  const [needed, most] = [Math.ceil(bytes / 2 ** 20), Math.floor(memory / 2 ** 20)];
  if (bytes > memory) return translate(words.searchTooLarge, needed, most);
  const seconds = Math.round(estimateMilliseconds(network, sequence) / 1000);
  return timed && seconds * 1000 > LONG_MILLISECONDS ? translate(words.searchTooLong, seconds) : undefined;
}

/** Width of a signal; of one that the network does not have 1. */
function unitsOf({ layers, input }: Network, { layer: name, signal }: SignalAddress): number {
  const layer = layers.find((one) => one.name === name);
  if (layer) return signalUnits(layer, signal);
  return input.kind === 'vector' ? input.size : 1;
}
