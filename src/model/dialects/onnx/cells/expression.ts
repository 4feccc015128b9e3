/**
 * What one step computes, as sums of products: of units that it reads, of products with matrices, and of activations of such
 * sums. However a graph writes a cell down (gates cut from one product or each of its own, 1 − z or z (h − n)), its
 * expression is the same.
 */
import { say } from '../../../../words/say';
import type { UnitActivation } from '../../../network';
import { expanded, type Constant } from '../constant';
import type { Draft, Piece } from '../draft';
import { keyOf, sliced } from '../flow';
import { Unsupported } from '../unsupported';
import { shortest } from '../node';

/** A sum of terms, by the keys of their factors. */
export type Expression = ReadonlyMap<string, Term>;

/** Factors, and what they are multiplied by: the sum of the coefficients. */
export interface Term {
  readonly factors: readonly Factor[];
  readonly coefficients: readonly Coefficient[];
}

/** A number, times vectors of as many numbers as there are units. */
export interface Coefficient {
  readonly scalar: number;
  readonly vectors: readonly Vector[];
  /** Whether it is added to a product with the state, as PyTorch's second bias is. */
  readonly ofState?: boolean;
}

export interface Vector {
  readonly constant: Constant;
  readonly from: number;
  readonly count: number;
}

export type Factor = Units | Product | Activated;

/** Units that are read as they are. */
export interface Units {
  readonly is: 'units';
  readonly key: string;
  readonly pieces: readonly Piece[];
}

/** Some rows and columns of a layer's matrix times units. */
export interface Product {
  readonly is: 'product';
  readonly key: string;
  readonly rows: readonly Rows[];
  readonly firstColumn: number;
  readonly pieces: readonly Piece[];
}

/** Rows of the matrix of a linear layer. */
export interface Rows {
  readonly draft: Draft;
  readonly from: number;
  readonly count: number;
}

export interface Activated {
  readonly is: 'activated';
  readonly key: string;
  readonly activation: UnitActivation;
  readonly of: Expression;
}

const ONE: Coefficient = { scalar: 1, vectors: [] };
const MAX_TERMS = 32;
const MAX_DEPTH = 64;

export function widthOfPieces(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { count }) => sum + count, 0);
}

/** The expression of some units. Throws `Unsupported` where it is none of a cell. */
export class Expressions {
  private readonly found = new Map<string, Expression>();
  private readonly states = new Map<Draft, boolean>();

  /** Units of `known` are read as they are, and depend on no state; units of `before` are states of the step before. */
  constructor(
    private readonly known: ReadonlySet<Draft> = new Set(),
    private readonly before: ReadonlySet<Draft> = new Set(),
  ) {}

  /** Whether a state of the step before stands behind some units. */
  readsState(pieces: readonly Piece[]): boolean {
    return pieces.some(({ draft }) => this.draftReadsState(draft));
  }

  /** `stops` are units that are read as they are, by their keys. */
  of(pieces: readonly Piece[], stops: ReadonlySet<string> = new Set(), depth = 0): Expression {
    const key = `${keyOf(pieces)}|${[...stops].join('|')}`;
    const known = this.found.get(key);
    if (known) return known;
    if (depth > MAX_DEPTH) throw new Unsupported(say`its sums are nested deeper than those of a cell`);
    const expression = stops.has(keyOf(pieces)) ? units(pieces) : this.inside(pieces, stops, depth);
    if (expression.size > MAX_TERMS) throw new Unsupported(say`it adds up more terms than a cell has`);
    this.found.set(key, expression);
    return expression;
  }

  /** What stands before a layer is looked at first, however long a chain that is. */
  private draftReadsState(draft: Draft): boolean {
    const open = [draft];
    for (let one = open.at(-1); one; one = open.at(-1)) {
      const inputs = one.inputs.flatMap(({ pieces }) => pieces.map((piece) => piece.draft));
      const found = this.ownReading(one) ?? (inputs.some((input) => this.ownReading(input)) || undefined);
      const unknown = inputs.find((input) => this.ownReading(input) === undefined);
      if (found === undefined && unknown) {
        open.push(unknown);
        continue;
      }
      this.states.set(one, found ?? false);
      open.pop();
    }
    return this.states.get(draft)!;
  }

  /** Whether a layer reads a state, as far as that is known without what it reads. */
  private ownReading(draft: Draft): boolean | undefined {
    if (this.known.has(draft)) return false;
    return draft.state !== undefined || this.before.has(draft) ? true : this.states.get(draft);
  }

  private inside(pieces: readonly Piece[], stops: ReadonlySet<string>, depth: number): Expression {
    const [{ draft, at, from, count }] = pieces;
    if (pieces.length > 1) return this.sideBySide(pieces);
    if (at !== 'rows' || !draft.own || this.known.has(draft) || this.before.has(draft)) return units(pieces);
    const { own } = draft;
    const inputs = () =>
      draft.inputs.map((flow) => this.of(sliced(flow.pieces, from, from + count), stops, depth + 1));
    switch (own.type) {
      case 'linear': {
        const sum = this.products(draft, [{ draft, from, count }]);
        if (own.activation === 'none') return sum;
        return isUnitActivation(own.activation) ? activated(own.activation, sum) : units(pieces);
      }
      case 'activation':
        return isUnitActivation(own.activation)
          ? this.activatedInput(own.activation, draft, [from, count], inputs)
          : units(pieces);
      case 'merge':
        if (own.mode === 'add') return inputs().reduce(sum);
        return own.mode === 'multiply' ? inputs().reduce(product) : units(pieces);
      case 'dropout':
        return inputs()[0];
      case 'batch_norm': {
        if (!draft.affine) return units(pieces);
        const { scale, shift } = draft.affine;
        const [x] = inputs();
        const scaled = scale ? times(x, coefficientOf(scale, draft.width, from, count)) : x;
        return shift ? sum(scaled, constantTerm(coefficientOf(shift, draft.width, from, count))) : scaled;
      }
      default:
        return units(pieces);
    }
  }

  /** A hard sigmoid is often written as a bounded sum: 0.2 x + 0.5 within 0 and 1. */
  private activatedInput(
    activation: UnitActivation,
    draft: Draft,
    [from, count]: readonly [number, number],
    inputs: () => Expression[],
  ): Expression {
    const [input] = sliced(draft.inputs[0].pieces, from, from + count);
    const before = input.count === count && input.at === 'rows' ? input.draft : undefined;
    if (typeof activation !== 'string' && activation.kind === 'hard_sigmoid' && before?.affine) {
      const { scale, shift } = before.affine;
      const [by, plus] = [scale ? sameOf(scale) : 1, shift ? sameOf(shift) : 0];
      if (by !== undefined && plus !== undefined) {
        const { alpha, beta } = activation;
        const own = {
          kind: activation.kind,
          alpha: shortest(alpha * by),
          beta: shortest(alpha * plus + beta),
        };
        const x = this.of(sliced(before.inputs[0].pieces, input.from, input.from + count));
        return activated(own, x);
      }
    }
    return activated(activation, inputs()[0]);
  }

  /** Rows of several layers that read the same, as the rows of one. */
  private sideBySide(pieces: readonly Piece[]): Expression {
    const [{ draft: first }] = pieces;
    const alike = pieces.every(
      ({ draft: { own, inputs }, at }) =>
        own?.type === 'linear' &&
        own.activation === 'none' &&
        at === 'rows' &&
        keyOf(inputs[0].pieces) === keyOf(first.inputs[0]?.pieces ?? []),
    );
    if (!alike || pieces.some(({ draft }) => draft.tensors.bias)) return units(pieces);
    return this.products(first, pieces);
  }

  /** W x + b, the columns that read states apart from the others. */
  private products(draft: Draft, rows: readonly Rows[]): Expression {
    const runs: { firstColumn: number; pieces: Piece[] }[] = [];
    let column = 0;
    for (const piece of draft.inputs[0].pieces) {
      const last = runs.at(-1);
      if (last && this.readsState(last.pieces) === this.readsState([piece])) last.pieces.push(piece);
      else runs.push({ firstColumn: column, pieces: [piece] });
      column += piece.count;
    }
    const name = rows.map((one) => `${one.draft.index}.${one.from}+${one.count}`).join(' ');
    const factors = runs.map(({ firstColumn, pieces }): Product => ({
      ...{ is: 'product', key: `W${name}@${firstColumn}(${keyOf(pieces)})`, rows, firstColumn, pieces },
    }));
    const products = factors.map((factor) => termOf(factor)).reduce(sum);
    const [{ from, count }] = rows;
    const values = draft.tensors.bias;
    if (!values || rows.length > 1) return products;
    const constant: Constant = {
      ...{ kind: 'constant', shape: [draft.width], integer: false, floats: values },
    };
    const ofState = runs.every(({ pieces }) => this.readsState(pieces));
    return sum(
      products,
      constantTerm({ scalar: 1, vectors: [{ constant, from, count }], ...(ofState && { ofState }) }),
    );
  }
}

/** The number that every value of a tensor is, where that is known. */
function sameOf(constant: Constant): number | undefined {
  const { fill, numbers } = constant;
  if (fill !== undefined) return fill;
  const [first] = numbers ?? [];
  return typeof first === 'number' && numbers!.every((number) => number === first) ? first : undefined;
}

function coefficientOf(constant: Constant, width: number, from: number, count: number): Coefficient {
  const same = sameOf(constant);
  if (same !== undefined) return { scalar: same, vectors: [] };
  return { scalar: 1, vectors: [{ constant: expanded(constant, [width]), from, count }] };
}

const CELL_ACTIVATIONS: readonly string[] = [
  ...['none', 'tanh', 'relu', 'sigmoid', 'softsign', 'softplus', 'selu', 'hard_tanh'],
];

function isUnitActivation(activation: unknown): activation is UnitActivation {
  return typeof activation === 'object' || CELL_ACTIVATIONS.includes(activation as string);
}

function units(pieces: readonly Piece[]): Expression {
  return termOf({ is: 'units', key: keyOf(pieces), pieces });
}

function termOf(factor: Factor): Expression {
  return new Map([[factor.key, { factors: [factor], coefficients: [ONE] }]]);
}

function activated(activation: UnitActivation, of: Expression): Expression {
  if (activation === 'none') return of;
  const inner = [...of].map(
    ([key, { coefficients }]) => `${coefficients.map(coefficientKey).join('+')}·${key}`,
  );
  const key = `${JSON.stringify(activation)}(${inner.join(' + ')})`;
  return termOf({ is: 'activated', key, activation, of });
}

const ids = new WeakMap<() => Promise<Float32Array>, number>();
let last = 0;

/** The same number for the same values of the file. */
export function idOf(values: () => Promise<Float32Array>): number {
  const id = ids.get(values) ?? ++last;
  ids.set(values, id);
  return id;
}

export function coefficientKey({ scalar, vectors }: Coefficient): string {
  const names = vectors.map(({ constant, from, count }) => {
    const { of, from: start } = constant.part ?? { of: constant.floats, from: 0 };
    return `${idOf(of)}.${start + from}+${count}`;
  });
  return [String(scalar), ...names.toSorted()].join('*');
}

function constantTerm(coefficient: Coefficient): Expression {
  return coefficient.scalar === 0 ? new Map() : new Map([['', { factors: [], coefficients: [coefficient] }]]);
}

function sum(a: Expression, b: Expression): Expression {
  const found = new Map(a);
  for (const [key, term] of b) {
    const own = found.get(key);
    const coefficients = own ? added(own.coefficients, term.coefficients) : term.coefficients;
    if (coefficients.length > 0) found.set(key, { ...term, coefficients });
    else found.delete(key);
  }
  return found;
}

/** Plain numbers are added up; vectors stand side by side. */
function added(a: readonly Coefficient[], b: readonly Coefficient[]): readonly Coefficient[] {
  const all = [...a, ...b];
  const plain = all.filter(({ vectors }) => vectors.length === 0);
  const scalar = plain.reduce((total, one) => total + one.scalar, 0);
  const rest = all.filter(({ vectors }) => vectors.length > 0);
  return scalar === 0 ? rest : [...rest, { scalar, vectors: [] }];
}

function times(a: Expression, by: Coefficient): Expression {
  return product(a, new Map([['', { factors: [], coefficients: [by] }]]));
}

function product(a: Expression, b: Expression): Expression {
  let found: Expression = new Map();
  for (const x of a.values()) {
    for (const y of b.values()) {
      const factors = [...x.factors, ...y.factors].toSorted((p, q) => (p.key < q.key ? -1 : 1));
      const coefficients = x.coefficients.flatMap((p) =>
        y.coefficients.map((q) => ({
          ...{ scalar: p.scalar * q.scalar, vectors: [...p.vectors, ...q.vectors] },
          ...((p.ofState || q.ofState) && { ofState: true }),
        })),
      );
      const kept = coefficients.filter(({ scalar }) => scalar !== 0);
      if (kept.length === 0) continue;
      const key = factors.map((factor) => factor.key).join(' × ');
      found = sum(found, new Map([[key, { factors, coefficients: kept }]]));
    }
  }
  if (found.size > MAX_TERMS) throw new Unsupported(say`it adds up more terms than a cell has`);
  return found;
}

/** The only coefficient of a term, if that is a plain number. */
export function scalarOf({ coefficients }: Term): number | undefined {
  const [only] = coefficients;
  return coefficients.length === 1 && only.vectors.length === 0 ? only.scalar : undefined;
}

/** The values of a sum of coefficients, for each of `count` units. */
export async function valuesOf(coefficients: readonly Coefficient[], count: number): Promise<Float32Array> {
  const total = new Float64Array(count);
  for (const { scalar, vectors } of coefficients) {
    const one = new Float64Array(count).fill(scalar);
    for (const { constant, from } of vectors) {
      const values = await constant.floats();
      for (let k = 0; k < count; k++) one[k] *= values[from + k];
    }
    for (let k = 0; k < count; k++) total[k] += one[k];
  }
  return Float32Array.from(total);
}
