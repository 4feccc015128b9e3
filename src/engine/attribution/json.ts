import { INPUT } from '../../model/network';
import type { Attribution, InputAttribution } from './attribute';

/**
 * As `gatescope attribute --json` prints it, in pieces, so that it need not fit into one string: per step a number for
 * tokens, else one per feature. `rows` says how many steps an input has, of which those behind the target's were not
 * looked at and bring nothing. `beside` is added at its end.
 */
export function* attributionJson(
  { target, logit, method, baseline, points, inputs, completeness }: Attribution,
  rows: (layer: string) => number,
  beside: object = {},
): Generator<string> {
  const of = { ...target, of: logit ? 'logit' : 'output' };
  const head = { target: of, method, ...(points !== undefined && { points }), baseline };
  yield `${JSON.stringify(head, plain).slice(0, -1)},"input":`;
  for (const one of inputs) if (one.layer === INPUT) yield* matrix(one, rows(INPUT));
  const further = inputs.filter(({ layer }) => layer !== INPUT);
  if (further.length > 0) yield ',"inputs":[';
  for (const [k, one] of further.entries()) {
    yield `${k > 0 ? ',' : ''}{"layer":${JSON.stringify(one.layer)},"input":`;
    yield* matrix(one, rows(one.layer));
    yield '}';
  }
  if (further.length > 0) yield ']';
  const masked = inputs.find(({ layer }) => layer === INPUT)!.masked;
  const tail = { completeness, ...(masked.length > 0 && { masked }), ...beside };
  yield `,${JSON.stringify(tail, plain).slice(1)}\n`;
}

function* matrix({ tokens, rows, features, values }: InputAttribution, all: number): Generator<string> {
  const nothing = Array<number>(features).fill(0);
  yield '[';
  for (let row = 0; row < all; row++) {
    const own = row < rows ? Array.from(values.subarray(row * features, (row + 1) * features)) : nothing;
    yield `${row > 0 ? ',' : ''}${JSON.stringify(tokens ? own[0] : own, plain)}`;
  }
  yield ']';
}

/** JSON has no word for non-finite numbers. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
