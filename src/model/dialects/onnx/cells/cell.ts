/**
 * Tells from the expressions of the next states which cell a step computes, by the cells' equations: gate order, transposes,
 * one bias or two, joined kernels and where the reset gate stands are told by structure, never by names.
 */
import { say } from '../../../../words/say';
import { type GruLayer, type LstmLayer, type RnnLayer, type UnitActivation } from '../../../network';
import type { Own, Tensors, Piece } from '../draft';
import { Unsupported } from '../unsupported';
import { keyOf } from '../flow';
import type { Expressions } from './expression';
import {
  scalarOf,
  valuesOf,
  widthOfPieces,
  type Activated,
  type Coefficient,
  type Expression,
  type Factor,
  type Product,
  type Term,
} from './expression';

/** A step that is one of a recurrent layer. */
export interface Cell {
  readonly own: Own;
  /** Of one forward direction. */
  readonly tensors: Tensors;
  /** What each step reads, by the products that read it: the layer reads them side by side. */
  readonly sources: readonly (readonly Piece[])[];
  /** The states that it begins with: units of the step before. */
  readonly h: readonly Piece[];
  readonly c?: readonly Piece[];
  /** What a user should know of the way it is written. */
  readonly notes: readonly string[];
}

/** What the sum of a gate is made of. */
interface Gate {
  /** By the keys of what they read. */
  readonly products: ReadonlyMap<string, Part>;
  readonly state: readonly Part[];
  readonly bias: readonly Coefficient[];
  readonly stateBias: readonly Coefficient[];
  readonly peephole: readonly Coefficient[];
  /** 1, or −1 where the gate is 1 minus what is written. */
  readonly sign: 1 | -1;
}

/** A product with a matrix, or, without one, units times numbers of their own. */
interface Part {
  readonly product?: Product;
  readonly pieces: readonly Piece[];
  readonly coefficients: readonly Coefficient[];
}

type States = Readonly<Record<'h' | 'c', readonly Piece[]>>;

/** An LSTM of which `h` is the next hidden state, and `c` the next cell state; undefined if they are none. */
export function lstmOf(expressions: Expressions, h: readonly Piece[], c: readonly Piece[]): Cell | undefined {
  const next = keyOf(c);
  const hidden = widthOfPieces(c);
  const projection = projected(expressions, h, hidden);
  const shown = expressions.of(projection?.pieces ?? h, new Set([next]));
  const output = only(shown);
  if (!output || scalarOf(output) !== 1 || output.factors.length !== 2) return undefined;
  const carrier = output.factors.find((factor) => carries(factor, next));
  const outputGate = output.factors.find((factor) => factor !== carrier);
  if (!carrier || outputGate?.is !== 'activated') return undefined;
  const kept = keptOf(expressions, expressions.of(c), outputGate.activation);
  if (!kept) return undefined;
  const recurrentActivation = outputGate.activation;
  const outputActivation = carrier.is === 'activated' ? carrier.activation : 'none';
  const inner = [kept.input, kept.forget].flatMap((gate) => (gate ? [gate] : []));
  if (inner.some(({ activation }) => !same(activation, recurrentActivation))) return undefined;
  const { candidate } = kept;
  const read = hiddenReadBy([...inner, candidate, outputGate], (pieces) => expressions.readsState(pieces));
  const [from] = read;
  if (!from || read.length > 1) return undefined;
  const states = { h: from, c: kept.state };
  const gate = (activatedGate: Activated | undefined, cell: readonly Piece[]) =>
    activatedGate && gateOf(expressions, activatedGate.of, { ...states, c: cell });
  const gates = [
    gate(kept.input, kept.state),
    gate(kept.forget, kept.state),
    gate(candidate, []),
    gate(outputGate, c),
  ];
  const peepholes = gates.some((one) => one && one.peephole.length > 0);
  const own: Omit<LstmLayer, 'name' | 'inputs' | 'inputSize'> = {
    ...shared(gates, widthOfPieces(h), hidden),
    ...{ type: 'lstm', projSize: projection ? widthOfPieces(h) : 0 },
    ...(!same(recurrentActivation, 'sigmoid') && { recurrentActivation }),
    ...(!same(candidate.activation, 'tanh') && { activation: candidate.activation }),
    ...(!same(outputActivation, candidate.activation) && { outputActivation }),
    ...(peepholes && { peepholes }),
    ...(!kept.input && { coupled: 'forget' as const }),
    ...(!kept.forget && { coupled: 'input' as const }),
  };
  const cell = built(own as Own, gates, states);
  const count = (k: number) => gates[k]?.peephole ?? [];
  return {
    ...cell,
    tensors: {
      ...cell.tensors,
      ...(projection && { weight_hr_l0: () => projection.values() }),
      ...(peepholes && {
        peephole_i_l0: () => valuesOf(count(0), hidden),
        peephole_f_l0: () => valuesOf(count(1), hidden),
        peephole_o_l0: () => valuesOf(count(3), hidden),
      }),
    },
  };
}

/** The next hidden state as W_hr times another, without a bias. */
function projected(expressions: Expressions, h: readonly Piece[], hidden: number) {
  const term = only(expressions.of(h));
  const [factor] = term?.factors ?? [];
  if (factor?.is !== 'product' || term!.factors.length > 1 || scalarOf(term!) !== 1) return undefined;
  const { pieces } = factor;
  // As wide as the cell state it would be no projection to the layer.
  if (widthOfPieces(pieces) !== hidden || widthOfPieces(h) >= hidden || !expressions.readsState(pieces))
    return undefined;
  const part: Part = { product: factor, pieces, coefficients: term!.coefficients };
  return { pieces, values: () => matrixOf([part], widthOfPieces(h), hidden) };
}

/** Whether a factor is the next cell state, or an activation of it. */
function carries(factor: Factor, next: string): boolean {
  if (factor.is === 'units') return factor.key === next;
  return factor.is === 'activated' && factor.of.size === 1 && factor.of.has(next);
}

interface Kept {
  readonly state: readonly Piece[];
  /** One of them is absent where it is 1 minus the other. */
  readonly input?: Activated;
  readonly forget?: Activated;
  readonly candidate: Activated;
}

/** f ∘ c + i ∘ g, or with one gate as 1 minus the other. */
function keptOf(expressions: Expressions, c: Expression, gate: UnitActivation): Kept | undefined {
  const terms = [...c.values()];
  const isState = (factor: Factor) => factor.is === 'units' && expressions.readsState(factor.pieces);
  const withState = terms.filter(({ factors }) => factors.some(isState));
  const others = terms.filter((term) => !withState.includes(term));
  const state = withState[0]?.factors.find(isState);
  if (state?.is !== 'units') return undefined;
  const beside = withState.map((term) => activatedIn(term, state.key));
  const cut = others.map((term) => activatedIn(term));
  if ([...beside, ...cut].includes(undefined)) return undefined;
  const sign = (list: readonly Term[]) => list.map(scalarOf);
  const pieces = state.pieces;
  if (withState.length === 1 && others.length === 1 && beside[0]!.length === 1 && cut[0]!.length === 2) {
    if (sign([...withState, ...others]).some((one) => one !== 1)) return undefined;
    const [forget] = beside[0]!;
    const [a, b] = cut[0]!;
    const [input, candidate] =
      same(a.activation, gate) && !(same(b.activation, gate) && isFirst(b, a)) ? [a, b] : [b, a];
    return { state: pieces, input, forget, candidate };
  }
  // f ∘ c + g − f ∘ g
  if (withState.length === 1 && others.length === 2) {
    const k = cut[0]!.length === 1 ? 0 : 1;
    const [[candidate], pair, [forget]] = [cut[k]!, cut[1 - k]!, beside[0]!];
    const fits =
      pair.length === 2 && beside[0]!.length === 1 && pair.includes(candidate) && pair.includes(forget);
    const signs = scalarOf(withState[0]) === 1 && scalarOf(others[k]) === 1 && scalarOf(others[1 - k]) === -1;
    return fits && signs ? { state: pieces, forget, candidate } : undefined;
  }
  // c − i ∘ c + i ∘ g
  if (withState.length === 2 && others.length === 1) {
    const k = beside[0]!.length === 0 ? 0 : 1;
    const [[input], pair] = [beside[1 - k]!, cut[0]!];
    const fits =
      beside[k]!.length === 0 && beside[1 - k]!.length === 1 && pair.length === 2 && pair.includes(input);
    const signs =
      scalarOf(withState[k]) === 1 && scalarOf(withState[1 - k]) === -1 && scalarOf(others[0]) === 1;
    const candidate = pair.find((one) => one !== input);
    return fits && signs && candidate ? { state: pieces, input, candidate } : undefined;
  }
  return undefined;
}

/** Of two gates that are alike, the one whose rows stand first. */
function isFirst(a: Activated, b: Activated): boolean {
  const rowOf = ({ of }: Activated) =>
    Math.min(
      ...[...of.values()].flatMap(({ factors }) =>
        factors.flatMap((factor) => (factor.is === 'product' ? [factor.rows[0].from] : [])),
      ),
    );
  return rowOf(a) < rowOf(b);
}

/** The factors beside a state, if they are all activations. */
function activatedIn({ factors }: Term, state?: string): Activated[] | undefined {
  const rest = factors.filter(({ key }) => key !== state);
  const found = rest.flatMap((factor) => (factor.is === 'activated' ? [factor] : []));
  return found.length === rest.length ? found : undefined;
}

/** A GRU of which `h` is the next state: z ∘ h + (1 − z) ∘ n. */
export function gruOf(expressions: Expressions, h: readonly Piece[]): Cell | undefined {
  const terms = [...expressions.of(h).values()];
  const isState = (factor: Factor) => factor.is === 'units' && expressions.readsState(factor.pieces);
  const state = terms.flatMap(({ factors }) => factors).find(isState);
  if (terms.length !== 3 || state?.is !== 'units') return undefined;
  const split = (with_: boolean) => terms.filter(({ factors }) => factors.includes(state) === with_);
  const [kept, others] = [split(true), split(false)];
  const lists = new Map(terms.map((term) => [term, activatedIn(term, state.key)]));
  if ([...lists.values()].includes(undefined)) return undefined;
  const list = (term: Term) => lists.get(term)!;
  const scalar = (term: Term | undefined) => term && scalarOf(term);
  let update: Activated | undefined;
  let candidate: Activated | undefined;
  let sign: 1 | -1 = 1;
  if (kept.length === 1 && others.length === 2 && list(kept[0]).length === 1) {
    // z ∘ h + n − z ∘ n
    [update] = list(kept[0]);
    const alone = others.find((term) => list(term).length === 1);
    const pair = others.find((term) => term !== alone);
    candidate = alone && list(alone)[0];
    const fits =
      pair && list(pair).length === 2 && list(pair).includes(update) && list(pair).includes(candidate!);
    if (!fits || scalar(kept[0]) !== 1 || scalar(alone) !== 1 || scalar(pair) !== -1) return undefined;
  } else if (kept.length === 2 && others.length === 1) {
    // h − z ∘ h + z ∘ n: what is written is 1 minus the update gate.
    const plain = kept.find((term) => list(term).length === 0);
    const gated = kept.find((term) => term !== plain);
    [update] = gated ? list(gated) : [];
    const pair = list(others[0]);
    candidate = pair.find((one) => one !== update);
    const fits = plain && gated && list(gated).length === 1 && pair.length === 2 && pair.includes(update!);
    if (!fits || scalar(plain) !== 1 || scalar(gated) !== -1 || scalar(others[0]) !== 1) return undefined;
    sign = -1;
  }
  if (!update || !candidate) return undefined;
  if (sign === -1 && !isOdd(update.activation)) return undefined;
  const { pieces } = state;
  const states = { h: pieces, c: [] };
  const zGate = { ...gateOf(expressions, update.of, states), sign };
  const { gate: nGate, reset, resetAfter } = candidateOf(expressions, candidate.of, states);
  if (reset && !same(reset.activation, update.activation)) return undefined;
  const rGate = reset ? gateOf(expressions, reset.of, states) : ALWAYS_OPEN;
  if (!reset && !same(update.activation, 'sigmoid')) return undefined;
  const gates = [rGate, zGate, nGate];
  const hidden = widthOfPieces(h);
  const own: Omit<GruLayer, 'name' | 'inputs' | 'inputSize'> = {
    ...shared(gates, hidden, hidden),
    ...{ type: 'gru', resetAfter },
    ...(!same(update.activation, 'sigmoid') && { recurrentActivation: update.activation }),
    ...(!same(candidate.activation, 'tanh') && { activation: candidate.activation }),
  };
  const cell = built(own as Own, gates, states);
  const notes = [
    ...(sign === -1 ? [say`its update gate is written as 1 − z: z is what keeps the state here`] : []),
    ...(reset ? [] : [say`it has no reset gate: r is 1 here`]),
  ];
  return { ...cell, notes };
}

/** A gate that is 1 whatever it reads: the sigmoid of a large number. */
const ALWAYS_OPEN: Gate = {
  ...{
    products: new Map(),
    state: [],
    bias: [{ scalar: 100, vectors: [] }],
    stateBias: [],
    peephole: [],
    sign: 1,
  },
};

/** Whether f(−x) = 1 − f(x). */
function isOdd(activation: UnitActivation): boolean {
  if (typeof activation === 'string') return activation === 'sigmoid';
  return activation.kind === 'hard_sigmoid' && activation.beta === 0.5;
}

/** W x + r ∘ (U h + b), or W x + U (r ∘ h). */
function candidateOf(
  expressions: Expressions,
  of: Expression,
  states: States,
): { readonly gate: Gate; readonly reset?: Activated; readonly resetAfter: boolean } {
  const terms = [...of];
  const resetTerms = terms.filter(([, { factors }]) => factors.some(({ is }) => is === 'activated'));
  if (resetTerms.length > 0) {
    const rest = new Map(terms.filter((term) => !resetTerms.includes(term)));
    const resets = resetTerms.map(([, { factors }]) => factors.find((one) => one.is === 'activated')!);
    const [reset] = resets;
    if (resets.some((one) => one.key !== reset.key)) throw notACell();
    const inner: [string, Term][] = resetTerms.map(([, { factors, coefficients }]) => {
      const others = factors.filter((one) => one !== reset);
      return [others.map(({ key }) => key).join(' × '), { factors: others, coefficients }];
    });
    const plain = gateOf(expressions, rest, states);
    const after = gateOf(expressions, new Map(inner), states);
    if (plain.state.length > 0 || plain.stateBias.length > 0 || after.products.size > 0) throw notACell();
    const stateBias = [...after.bias, ...after.stateBias];
    return { gate: { ...plain, state: after.state, stateBias }, reset, resetAfter: true };
  }
  for (const [key, term] of terms) {
    const [factor] = term.factors;
    if (term.factors.length !== 1 || factor.is !== 'product') continue;
    const inside = only(expressions.of(factor.pieces));
    const reset = inside?.factors.find((one) => one.is === 'activated');
    const state = inside?.factors.find((one) => one !== reset);
    if (!inside || inside.factors.length !== 2 || scalarOf(inside) !== 1 || !reset) continue;
    if (state?.key !== keyOf(states.h)) continue;
    const rest = new Map(of);
    rest.delete(key);
    const plain = gateOf(expressions, rest, states);
    if (plain.state.length > 0) throw notACell();
    const part: Part = { product: factor, pieces: states.h, coefficients: term.coefficients };
    const bias = [...plain.bias, ...plain.stateBias];
    return { gate: { ...plain, bias, stateBias: [], state: [part] }, reset, resetAfter: false };
  }
  return { gate: gateOf(expressions, of, states), resetAfter: false };
}

/** A plain RNN of which `h` is the next state, and `from` the state before. */
export function rnnOf(expressions: Expressions, h: readonly Piece[]): Cell | undefined {
  const term = only(expressions.of(h));
  const expression = term ? undefined : expressions.of(h);
  const [factor] = term?.factors ?? [];
  const wrapped =
    term?.factors.length === 1 && scalarOf(term) === 1 && factor.is === 'activated' ? factor : undefined;
  const of = wrapped ? wrapped.of : (expression ?? new Map([[factor?.key ?? '', term!]]));
  const nonlinearity = wrapped?.activation ?? 'none';
  const read = [...of.values()].flatMap(({ factors }) =>
    factors.flatMap((one) =>
      one.is === 'product' && expressions.readsState(one.pieces) ? [one.pieces] : [],
    ),
  );
  const [from] = read;
  if (!from || read.some((pieces) => keyOf(pieces) !== keyOf(from))) return undefined;
  const hidden = widthOfPieces(h);
  const states = { h: from, c: [] };
  const gates = [gateOf(expressions, of, states)];
  const own: Omit<RnnLayer, 'name' | 'inputs' | 'inputSize'> = {
    ...shared(gates, hidden, hidden),
    ...{ type: 'rnn', nonlinearity },
  };
  return built(own as Own, gates, states);
}

/** The states that products in some gates read, each once. */
function hiddenReadBy(
  gates: readonly Activated[],
  isState: (pieces: readonly Piece[]) => boolean,
): (readonly Piece[])[] {
  const found = new Map<string, readonly Piece[]>();
  for (const { of } of gates) {
    for (const { factors } of of.values()) {
      for (const factor of factors)
        if (factor.is === 'product' && isState(factor.pieces)) found.set(keyOf(factor.pieces), factor.pieces);
    }
  }
  return [...found.values()];
}

function notACell(): Unsupported {
  return new Unsupported(say`its gates are none that a cell here has`);
}

/** Sorts the terms of a gate's sum. Throws `Unsupported` for one that no gate has. */
function gateOf(expressions: Expressions, of: Expression, { h, c }: States): Gate {
  const products = new Map<string, Part>();
  const state: Part[] = [];
  const [bias, stateBias, peephole]: Coefficient[][] = [[], [], []];
  const [hKey, cKey] = [keyOf(h), c.length > 0 ? keyOf(c) : undefined];
  for (const { factors, coefficients } of of.values()) {
    const [factor] = factors;
    if (!factor) {
      for (const one of coefficients) (one.ofState ? stateBias : bias).push(one);
      continue;
    }
    if (factors.length > 1 || factor.is === 'activated') throw notACell();
    const { pieces } = factor;
    const key = keyOf(pieces);
    const part: Part = { ...(factor.is === 'product' && { product: factor }), pieces, coefficients };
    if (factor.is === 'product' && coefficients.some(({ vectors }) => vectors.length > 0)) throw notACell();
    if (factor.is === 'units' && key === cKey) peephole.push(...coefficients);
    else if (key === hKey) state.push(part);
    else if (expressions.readsState(pieces)) throw notACell();
    else products.set(key, part);
  }
  return { products, state, bias, stateBias, peephole, sign: 1 };
}

function shared(gates: readonly (Gate | undefined)[], outputSize: number, hiddenSize: number) {
  const bias = gates.some(
    (gate) => gate && gate !== ALWAYS_OPEN && gate.bias.length + gate.stateBias.length > 0,
  );
  return {
    ...{ hiddenSize, levels: 1, directions: ['forward'] as const, merge: 'concat' as const },
    ...{ returnSequences: true, bias: bias || gates.includes(ALWAYS_OPEN), outputSize },
  };
}

/** The tensors of the gates in turn, one upon the other; a gate that is absent has zeros. */
function built(own: Own, gates: readonly (Gate | undefined)[], { h, c }: States): Cell {
  const { hiddenSize: hidden, bias } = own as { hiddenSize: number; bias: boolean };
  const sources = new Map<string, readonly Piece[]>();
  for (const gate of gates)
    for (const [key, { pieces }] of gate?.products ?? []) if (!sources.has(key)) sources.set(key, pieces);
  if (sources.size === 0) throw new Unsupported(say`it reads nothing but its own state`);
  const width = [...sources.values()].reduce((total, pieces) => total + widthOfPieces(pieces), 0);
  const stateWidth = widthOfPieces(h);
  const stacked = (each: number, values: (gate: Gate) => Promise<Float32Array>) => async () => {
    const all = new Float32Array(gates.length * each);
    for (const [k, gate] of gates.entries()) {
      if (!gate) continue;
      const part = await values(gate);
      all.set(gate.sign === 1 ? part : part.map((value) => -value), k * each);
    }
    return all;
  };
  const inputMatrix = async ({ products }: Gate) => {
    const all = new Float32Array(hidden * width);
    let column = 0;
    for (const [key, pieces] of sources) {
      const count = widthOfPieces(pieces);
      const part = products.get(key);
      const values = part && (await matrixOf([part], hidden, count));
      for (let row = 0; values && row < hidden; row++)
        all.set(values.subarray(row * count, (row + 1) * count), row * width + column);
      column += count;
    }
    return all;
  };
  return {
    own,
    tensors: {
      weight_ih_l0: stacked(hidden * width, inputMatrix),
      weight_hh_l0: stacked(hidden * stateWidth, ({ state }) => matrixOf(state, hidden, stateWidth)),
      ...(bias && {
        bias_ih_l0: stacked(hidden, (gate) => valuesOf(gate.bias, hidden)),
        bias_hh_l0: stacked(hidden, ({ stateBias }) => valuesOf(stateBias, hidden)),
      }),
    },
    sources: [...sources.values()],
    h,
    ...(c.length > 0 && { c }),
    notes: [],
  };
}

/** The sum of some products with the same units, as one matrix. */
async function matrixOf(parts: readonly Part[], rows: number, columns: number): Promise<Float32Array> {
  const total = new Float32Array(rows * columns);
  for (const { product, coefficients } of parts) {
    const factors = await valuesOf(coefficients, rows);
    if (!product) {
      for (let k = 0; k < Math.min(rows, columns); k++) total[k * columns + k] += factors[k];
      continue;
    }
    let row = 0;
    for (const { draft, from, count } of product.rows) {
      const values = await draft.tensors.weight();
      for (let k = 0; k < count; k++, row++) {
        const start = (from + k) * draft.inputSize + product.firstColumn;
        for (let column = 0; column < columns; column++)
          total[row * columns + column] += factors[row] * values[start + column];
      }
    }
  }
  return total;
}

function only(expression: Expression): Term | undefined {
  return expression.size === 1 ? [...expression.values()][0] : undefined;
}

function same(a: UnitActivation, b: UnitActivation): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
