/** The activations of a recurrent node: names, and numbers that those which take them consume in turn. */
import { say } from '../../../../words/say';
import type { UnitActivation } from '../../../network';
import type { Node } from '../node';
import { Unsupported } from '../unsupported';

interface Kind {
  /** ONNX's own defaults, of the numbers that it takes. */
  readonly alpha?: number;
  readonly beta?: number;
  /** Undefined where no cell here has it. */
  make(alpha: number, beta: number): UnitActivation | undefined;
}

const plain = (activation: UnitActivation): Kind => ({ make: () => activation });

/** By their names in lower case: case does not matter (onnx/defs/rnn/defs.cc). */
const KINDS = new Map<string, Kind>([
  ['relu', plain('relu')],
  ['tanh', plain('tanh')],
  ['sigmoid', plain('sigmoid')],
  ['softsign', plain('softsign')],
  ['softplus', plain('softplus')],
  ['affine', { alpha: 1, beta: 0, make: (alpha, beta) => (alpha === 1 && beta === 0 ? 'none' : undefined) }],
  ['leakyrelu', { alpha: 0.01, make: (alpha) => ({ kind: 'leaky_relu', alpha }) }],
  ['thresholdedrelu', { alpha: 1, make: (alpha) => (alpha === 0 ? 'relu' : undefined) }],
  [
    'scaledtanh',
    { alpha: 1, beta: 1, make: (alpha, beta) => (alpha === 1 && beta === 1 ? 'tanh' : undefined) },
  ],
  ['hardsigmoid', { alpha: 0.2, beta: 0.5, make: (alpha, beta) => ({ kind: 'hard_sigmoid', alpha, beta }) }],
  ['elu', { alpha: 1, make: (alpha) => ({ kind: 'elu', alpha }) }],
]);

/** Of each direction; `defaults` are those of one. */
export function cellActivationsOf(
  node: Node,
  defaults: readonly string[],
  directions: number,
): readonly (readonly UnitActivation[])[] {
  const given = node.texts('activations');
  const count = defaults.length;
  const names = given.length > 0 ? given : Array.from({ length: directions }, () => defaults).flat();
  if (names.length !== count * directions) {
    throw new Unsupported(say`expected ${count * directions} activations, found ${names.length}`);
  }
  const alphas = [...node.floats('activation_alpha')];
  const betas = [...node.floats('activation_beta')];
  const all = names.map((name) => {
    const kind = KINDS.get(name.toLowerCase());
    const alpha = kind?.alpha === undefined ? 0 : (alphas.shift() ?? kind.alpha);
    const beta = kind?.beta === undefined ? 0 : (betas.shift() ?? kind.beta);
    const found = kind?.make(alpha, beta);
    if (found) return found;
    const numbers = kind ? say` with alpha ${alpha} and beta ${beta}` : '';
    throw new Unsupported(say`its activation ${JSON.stringify(name)}${numbers} is none that a cell here has`);
  });
  return Array.from({ length: directions }, (_, k) => all.slice(k * count, (k + 1) * count));
}
