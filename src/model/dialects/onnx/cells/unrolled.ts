/**
 * Graphs that write every step of a cell out: the same weights again and again, each time on the state that the step before
 * gave. Equal steps become one recurrent layer over all of them, and what is computed of each step alike, layers over rows.
 */
import { say } from '../../../../words/say';
import { isRecurrentType } from '../../../network';
import type { Draft, Flow, Piece } from '../draft';
import { endOf, keyOf } from '../flow';
import { ONE, ROWS, units } from '../axes';
import { Unsupported } from '../unsupported';
import type { Context } from '../node';
import { gruOf, lstmOf, rnnOf, type Cell } from './cell';
import { coefficientKey, Expressions, idOf, type Expression, type Factor, type Product } from './expression';
import { inWords } from './words';

/** A cell's steps, the first of them with states of zeros. */
interface Chain {
  readonly h: readonly Draft[];
  readonly c?: readonly Draft[];
  readonly cell: Cell;
  /** What each step reads, source by source. */
  readonly sources: readonly (readonly (readonly Piece[])[])[];
}

/** Fewer steps are not told from layers that share weights. */
const LEAST_STEPS = 3;
const MAX_STEPS = 4096;
const MAX_GROUPS = 64;
/** A graph is looked through as often as it puts steps together, up to this. */
const MAX_SEARCHES = 64;
/** Drafts that may be the last step, which no other reads. */
const MAX_LAST = 256;

export class Unrolled {
  private chains: readonly Chain[] = [];
  /** Why equal products in turn are none of a cell's steps. */
  missed: readonly string[] = [];
  private readonly searched = { drafts: 0, times: 0 };
  private readonly layers = new Map<Chain, Draft>();
  private readonly lifted = new Map<string, Draft>();
  private readonly replaced = new Map<Draft, Draft>();

  constructor(
    private readonly context: Context,
    private readonly drafts: readonly Draft[],
  ) {}

  /** Recurrent layers that were made. */
  get count(): number {
    return this.layers.size;
  }

  /** Single rows, one of each step, as the rows of a layer; undefined if they are none. */
  stacked(flows: readonly Flow[], axis: number): Flow | undefined {
    if (flows.length < LEAST_STEPS || this.context.streaming) return undefined;
    const [first] = flows;
    const rows = flows.every(
      ({ rows, axes, integer }) =>
        !rows && !integer && axes.length === first.axes.length && axes[axis].of === 'one',
    );
    if (!rows || flows.some(({ pieces }) => pieces.length !== first.pieces.length)) return undefined;
    this.search();
    if (this.chains.length === 0) return undefined;
    try {
      const pieces = this.liftedPieces(flows.map((flow) => flow.pieces));
      if (!pieces) return undefined;
      return { ...first, pieces, rows: { size: flows.length }, axes: first.axes.with(axis, ROWS) };
    } catch (error) {
      if (error instanceof Unsupported) return undefined;
      throw error;
    }
  }

  /** A tensor as the layers give it. */
  tensor(flow: Flow): Flow {
    this.search();
    if (this.chains.length === 0) return flow;
    return { ...flow, pieces: flow.pieces.map((piece) => this.current(piece)) };
  }

  private current(piece: Piece): Piece {
    for (const chain of this.chains) {
      const step = chain.h.indexOf(piece.draft);
      const cell = chain.c?.indexOf(piece.draft) ?? -1;
      if ((step < 0 && cell < 0) || piece.at !== 'rows') continue;
      const draft = this.layerOf(chain);
      if (!draft) return piece;
      const end = chain.h.length - 1;
      if (step < 0 && cell < end)
        throw new Unsupported(say`it reads the cell state of a step that is not the last`);
      if (step < 0) return { ...piece, draft, at: 'cell' };
      const row = isBackward(draft) ? end - step : step;
      return { ...piece, draft, at: step === end ? 'final' : row };
    }
    return { ...piece, draft: this.rebuilt(piece.draft) };
  }

  private rebuilt(draft: Draft): Draft {
    const known = this.replaced.get(draft);
    if (known) return known;
    const inputs = draft.inputs.map((flow) => ({
      ...flow,
      pieces: flow.pieces.map((piece) => this.current(piece)),
    }));
    const same = inputs.every(({ pieces }, k) =>
      pieces.every(({ draft: one, at }, p) => {
        const before = draft.inputs[k].pieces[p];
        return one === before.draft && at === before.at;
      }),
    );
    const { affine, states, inputSize } = draft;
    const more = { inputSize, ...(affine && { affine }), ...(states && { states }) };
    const made = same ? draft : this.context.draft(draft.wanted, inputs, draft.own!, draft.tensors, more);
    this.replaced.set(draft, made);
    return made;
  }

  /** Looks for chains among the drafts, again where there are new ones. */
  private search(): void {
    if (this.searched.drafts === this.drafts.length || this.searched.times++ > MAX_SEARCHES) return;
    this.searched.drafts = this.drafts.length;
    const made = this.chains.filter((chain) => this.layers.has(chain));
    const known = new Set(made.flatMap(({ h }) => h));
    const open = statesOf(this.drafts).filter(([first]) => !known.has(first));
    const found = open.map((h) => chainOf(h, this.drafts));
    this.chains = [...made, ...found.flatMap((chain) => chain ?? [])];
    this.missed = open.flatMap((h, k) => (found[k] || h.length < LEAST_STEPS ? [] : whyNone(h)));
  }

  /** The layer of a chain; undefined if its steps do not read the rows of a sequence in turn. */
  private layerOf(chain: Chain): Draft | undefined {
    const known = this.layers.get(chain);
    if (known) return known;
    const { cell, sources, h } = chain;
    const lifted = cell.sources.map((_, s) =>
      this.liftedPieces(
        sources.map((step) => step[s]),
        true,
      ),
    );
    if (lifted.includes(undefined)) return undefined;
    const pieces = lifted.flatMap((one) => one!.pieces);
    const [{ reversed }] = lifted as { reversed: boolean }[];
    if (lifted.some((one) => one!.reversed !== reversed)) return undefined;
    const width = pieces.reduce((sum, { count }) => sum + count, 0);
    const input: Flow = {
      ...{ kind: 'flow', pieces, axes: [ROWS, ONE, units(width)], rows: { size: h.length } },
      ...{ reversed: false, integer: false },
    };
    const suffix = reversed ? '_reverse' : '';
    const draft = this.context.draft(
      nameOf(cell, h[0]),
      [input],
      { ...cell.own, directions: [reversed ? 'backward' : 'forward'] } as never,
      Object.fromEntries(Object.entries(cell.tensors).map(([key, values]) => [key + suffix, values])),
    );
    this.context.note(
      say`${JSON.stringify(draft.wanted)} is written out ${h.length} times in basic operators: the equal steps are one layer over the ${h.length} steps that the file fixes`,
    );
    this.layers.set(chain, draft);
    this.searched.drafts = this.drafts.length;
    return draft;
  }

  private liftedPieces(steps: readonly (readonly Piece[])[]): Piece[] | undefined;
  private liftedPieces(
    steps: readonly (readonly Piece[])[],
    directed: true,
  ): { pieces: Piece[]; reversed: boolean } | undefined;
  private liftedPieces(steps: readonly (readonly Piece[])[], directed = false) {
    const [first] = steps;
    if (steps.some((pieces) => pieces.length !== first.length)) return undefined;
    const found = first.map((_, p) => this.lift(steps.map((pieces) => pieces[p])));
    if (found.includes(undefined)) return undefined;
    const [{ reversed }] = found as { reversed: boolean }[];
    if (found.some((one) => one!.reversed !== reversed) || (reversed && !directed)) return undefined;
    const pieces = found.map((one) => one!.piece);
    return directed ? { pieces, reversed } : pieces;
  }

  /** The same units of each step in turn, as rows. */
  private lift(steps: readonly Piece[]): { readonly piece: Piece; readonly reversed: boolean } | undefined {
    const [{ draft: first, from, count }] = steps;
    if (steps.some((piece) => piece.from !== from || piece.count !== count)) return undefined;
    const rows = (draft: Draft, reversed = false) => ({
      piece: { draft, at: 'rows' as const, from, count },
      reversed,
    });
    if (steps.every(({ draft }) => draft === first)) {
      const order = steps.map(({ at }) => rowOf(first, at, steps.length));
      if (stepsOf(first) !== steps.length) return undefined;
      if (order.every((row, k) => row === k)) return rows(first);
      return order.every((row, k) => row === steps.length - 1 - k) ? rows(first, true) : undefined;
    }
    if (steps.some(({ at }) => at !== 'rows')) return undefined;
    const chain = this.chains.find(
      ({ h }) => h.length === steps.length && h.every((draft, k) => draft === steps[k].draft),
    );
    if (chain) {
      const draft = this.layerOf(chain);
      return draft && rows(draft, isBackward(draft));
    }
    const alike = steps.every(({ draft }) => draft.own && isSame(draft, first));
    if (!alike || isRecurrentType(first.own!.type)) return undefined;
    const key = steps.map(({ draft }) => draft.index).join();
    const known = this.lifted.get(key);
    if (known) return rows(known);
    const inputs = first.inputs.map((flow, k): Flow | undefined => {
      const pieces = this.liftedPieces(steps.map(({ draft }) => draft.inputs[k].pieces));
      return pieces && { ...flow, pieces, rows: { size: steps.length } };
    });
    if (inputs.includes(undefined)) return undefined;
    const { affine, inputSize } = first;
    const made = this.context.draft(first.wanted, inputs as Flow[], first.own!, first.tensors, {
      inputSize,
      ...(affine && { affine }),
    });
    this.lifted.set(key, made);
    this.searched.drafts = this.drafts.length;
    return rows(made);
  }
}

function isBackward({ own }: Draft): boolean {
  return own !== undefined && 'directions' in own && own.directions[0] === 'backward';
}

function nameOf({ own }: Cell, step: Draft): string {
  const seen = new Set<Draft>();
  const open = [step];
  for (let draft = open.shift(); draft && seen.size < 64; draft = open.shift()) {
    if (seen.has(draft)) continue;
    seen.add(draft);
    if (draft.own?.type === 'linear') return draft.wanted;
    open.push(...draft.inputs.flatMap(({ pieces }) => pieces.map((piece) => piece.draft)));
  }
  return own.type;
}

/** Whether two layers compute the same of what they read. */
function isSame(a: Draft, b: Draft): boolean {
  const [p, q] = [Object.entries(a.tensors), Object.entries(b.tensors)];
  const affine = (draft: Draft) => [draft.affine?.scale?.floats, draft.affine?.shift?.floats];
  const tensors = a.affine
    ? affine(a).every((values, k) => values === affine(b)[k])
    : p.every(([key, values]) => b.tensors[key] === values);
  return (
    JSON.stringify(a.own) === JSON.stringify(b.own) &&
    p.length === q.length &&
    tensors &&
    a.inputs.length === b.inputs.length &&
    a.inputs.every(({ axes }, k) => axes.length === b.inputs[k].axes.length)
  );
}

/** Layers beside recurrent ones that give a row for each that they read. */
const KEEP_ROWS: readonly string[] = [
  ...['linear', 'activation', 'batch_norm', 'merge', 'embedding', 'layer_norm', 'dropout'],
];

/** Rows that a layer gives, where the file fixes them. */
function stepsOf({ view, inputs, own }: Draft): number | undefined {
  const size = view ? view.rows?.size : inputs[0]?.rows?.size;
  const keeps = !own || KEEP_ROWS.includes(own.type) || isRecurrentType(own.type);
  return keeps && typeof size === 'number' ? size : undefined;
}

/** The row that a piece is, from 0. */
function rowOf({ own }: Draft, at: Piece['at'], steps: number): number | undefined {
  if (at === 'final' && own && 'directions' in own) {
    if (own.directions.length > 1) return undefined;
    const end = endOf(own, own.directions[0]);
    return end < 0 ? end + steps : end;
  }
  if (typeof at !== 'number') return undefined;
  return at < 0 ? at + steps : at;
}

/** What products with the same matrix read, where each is computed from the one before: the states of a cell in turn. */
function statesOf(drafts: readonly Draft[]): Draft[][] {
  const groups = new Map<number, Draft[]>();
  for (const draft of drafts) {
    if (draft.own?.type !== 'linear' || draft.inputs[0].rows) continue;
    const id = idOf(draft.tensors.weight);
    groups.set(id, [...(groups.get(id) ?? []), draft]);
  }
  const found = new Map<string, Draft[]>();
  const repeated = [...groups.values()].filter(
    ({ length }) => length >= LEAST_STEPS - 1 && length <= MAX_STEPS,
  );
  for (const group of repeated.slice(0, MAX_GROUPS)) {
    const states: Draft[] = [];
    for (const [k, product] of group.entries()) {
      const { pieces } = product.inputs[0];
      const own = k > 0 ? pieces.filter(({ draft }) => standsOn(draft, group[k - 1])) : [];
      if (k === 0) continue;
      if (own.length !== 1 || own[0].at !== 'rows' || own[0].count !== own[0].draft.width) break;
      states.push(own[0].draft);
    }
    if (states.length !== group.length - 1) continue;
    // The first state is at the same place as the others.
    const place = group[1].inputs[0].pieces.findIndex(({ draft }) => draft === states[0]);
    const before = group[0].inputs[0].pieces[place]?.draft;
    const all = before ? [before, ...states] : states;
    found.set(all.map(({ index }) => index).join(), all);
  }
  return [...found.values()];
}

function standsOn(draft: Draft, other: Draft): boolean {
  const seen = new Set<Draft>();
  const open = [draft];
  for (let one = open.pop(); one; one = open.pop()) {
    if (one === other) return true;
    if (seen.has(one) || one.index < other.index) continue;
    seen.add(one);
    open.push(...one.inputs.flatMap(({ pieces }) => pieces.map((piece) => piece.draft)));
  }
  return false;
}

interface Step {
  readonly cell: Cell;
  readonly h: Draft;
  readonly c?: Draft;
  readonly signature: string;
  readonly products: ReadonlyMap<string, readonly Piece[]>;
}

const whole = (draft: Draft): Piece[] => [{ draft, at: 'rows', from: 0, count: draft.width }];

/** Steps that are equal, but for the first, which reads zeros; the last is found behind those before. */
function chainOf(states: readonly Draft[], drafts: readonly Draft[]): Chain | undefined {
  const steps: Step[] = [];
  let before: { readonly h: Draft; readonly c?: Draft } | undefined;
  for (const h of states.slice(1)) {
    const step = stepOf(h, steps.at(-1) ?? { h: states[0] });
    if (!step || (steps.length > 0 && step.signature !== steps[0].signature)) return undefined;
    if (steps.length === 0) before = step.c ? { h: states[0], c: step.cell.c![0].draft } : { h: states[0] };
    steps.push(step);
  }
  const [second] = steps;
  if (!second || !before) return undefined;
  const last = steps.at(-1)!;
  for (const draft of drafts.slice(last.h.index + 1, last.h.index + 1 + MAX_LAST)) {
    if (draft.width !== last.h.width || draft.own?.type !== last.h.own?.type) continue;
    const step = stepOf(draft, last);
    if (step?.signature !== second.signature) continue;
    steps.push(step);
    break;
  }
  const first = firstOf(before, second);
  if (!first) return undefined;
  const { cell } = second;
  return {
    h: [before.h, ...steps.map(({ h }) => h)],
    ...(before.c && { c: [before.c, ...steps.map(({ c }) => c!)] }),
    cell,
    sources: [first, ...steps.map((step) => step.cell.sources)],
  };
}

/** What a step that is none of a cell makes of the one before. */
function whyNone([before, after]: readonly Draft[]): string {
  const words = inWords(new Expressions(new Set(), new Set([before])), whole(after));
  const [one, next] = [before, after].map(({ wanted }) => JSON.stringify(wanted));
  return say`steps are written out in basic operators, but of ${one} ${next} makes ${words}, which no cell that is known here computes`;
}

/** A step as a cell on the state of the one before; the cell state before is what is found where `c` is not known yet. */
function stepOf(h: Draft, before: { readonly h: Draft; readonly c?: Draft }): Step | undefined {
  for (const c of carriersOf(h)) {
    for (const from of before.c ? [before.c] : carriersOf(before.h)) {
      const expressions = new Expressions(new Set(), new Set([before.h, from]));
      const cell = attempt(() => lstmOf(expressions, whole(h), whole(c)));
      const fits =
        cell?.c && keyOf(cell.h) === keyOf(whole(before.h)) && keyOf(cell.c) === keyOf(whole(from));
      if (fits) return { cell, h, c, ...signed(expressions, h, { h: before.h, c: from, next: c }) };
    }
  }
  const expressions = new Expressions(new Set(), new Set([before.h]));
  for (const of of [gruOf, rnnOf]) {
    const cell = attempt(() => of(expressions, whole(h)));
    if (cell && keyOf(cell.h) === keyOf(whole(before.h)))
      return { cell, h, ...signed(expressions, h, { h: before.h }) };
  }
  return undefined;
}

/** What a hidden state may show of a cell state: a factor, or what an activation reads. */
function carriersOf({ own, inputs }: Draft): Draft[] {
  if (own?.type !== 'merge' || own.mode !== 'multiply') return [];
  return inputs.flatMap(({ pieces: [{ draft }] }) => {
    const read = draft.own?.type === 'activation' ? draft.inputs[0].pieces[0].draft : draft;
    return read.own ? [read] : [];
  });
}

/** The first step computes the same with states of zeros: what it reads, source by source. */
function firstOf(
  { h, c }: { readonly h: Draft; readonly c?: Draft },
  second: Step,
): readonly (readonly Piece[])[] | undefined {
  const zeros = new Expressions();
  const own = attempt(() => signed(zeros, h, c ? { next: c } : {}));
  const expected = attempt(() => {
    const expressions = new Expressions(new Set(), new Set([h, ...(c ? [c] : [])]));
    return signed(expressions, second.h, { h, ...(c && { c, next: second.c! }), reduced: true });
  });
  if (!own || !expected || own.signature !== expected.signature) return undefined;
  const first = new Map([...second.products].map(([key, pieces]) => [keyOf(pieces), own.products.get(key)]));
  const sources = second.cell.sources.map((pieces) => first.get(keyOf(pieces)));
  return sources.includes(undefined) ? undefined : (sources as (readonly Piece[])[]);
}

interface Roles {
  readonly h?: Draft;
  readonly c?: Draft;
  readonly next?: Draft;
  /** Leaves out what the states before are part of. */
  readonly reduced?: boolean;
}

/** What a step computes, its weights by their identity and its states by their roles; and what its products read. */
function signed(expressions: Expressions, h: Draft, roles: Roles): Pick<Step, 'signature' | 'products'> {
  const products = new Map<string, readonly Piece[]>();
  const names = new Map<string, string>();
  for (const role of ['h', 'c', 'next'] as const) {
    const draft = roles[role];
    if (draft) names.set(keyOf(whole(draft)), role);
  }
  const weight = ({ rows, firstColumn }: Product) =>
    `${rows.map(({ draft, from, count }) => `${idOf(draft.tensors.weight)}.${from}+${count}`).join(' ')}@${firstColumn}`;
  /** Undefined of what is zero. */
  const factorName = (factor: Factor): string | undefined => {
    switch (factor.is) {
      case 'units': {
        const role = names.get(factor.key);
        return roles.reduced && (role === 'h' || role === 'c') ? undefined : (role ?? 'x');
      }
      case 'activated':
        return `${JSON.stringify(factor.activation)}(${nameOfSum(factor.of)})`;
      case 'product': {
        const role = names.get(keyOf(factor.pieces));
        if (role) return roles.reduced ? undefined : `${weight(factor)}(${role})`;
        const inside = expressions.of(factor.pieces);
        if (inside.size === 0) return undefined;
        if (expressions.readsState(factor.pieces)) {
          const sum = nameOfSum(inside);
          return sum === '' ? undefined : `${weight(factor)}(${sum})`;
        }
        products.set(weight(factor), factor.pieces);
        return `${weight(factor)}(x)`;
      }
    }
  };
  const nameOfSum = (sum: Expression): string => {
    const terms = [...sum.values()].flatMap(({ factors, coefficients }) => {
      const found = factors.map(factorName);
      if (found.includes(undefined)) return [];
      return [
        `${coefficients.map(coefficientKey).toSorted().join('+')}·${(found as string[]).toSorted().join('×')}`,
      ];
    });
    return terms.toSorted().join(' + ');
  };
  const stops = new Set(roles.next ? [keyOf(whole(roles.next))] : []);
  const state = roles.next ? nameOfSum(expressions.of(whole(roles.next))) : '';
  const signature = `${state} | ${nameOfSum(expressions.of(whole(h), stops))}`;
  return { signature, products };
}

function attempt<T>(find: () => T | undefined): T | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}
