/** The value that an explanation leads to, worked out by itself. */
import { unitFunction } from '../../../../src/engine/activations';
import type { Explanation } from '../../../../src/engine/explain/explain';

const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  abs: Math.abs,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  reciprocal: (x) => 1 / x,
  sin: Math.sin,
  cos: Math.cos,
  silu: (x) => x / (1 + Math.exp(-x)),
  mish: (x) => x * Math.tanh(Math.log1p(Math.exp(x))),
  hard_swish: (x) => (x * Math.min(6, Math.max(0, x + 3))) / 6,
};

/** Undefined for functions that are not repeated here. */
export function valueOf({ activation, sum, clip, logSumExp }: Explanation): number | undefined {
  const { min = -Infinity, max = Infinity } = clip ?? {};
  const within = Math.min(max, Math.max(min, sum));
  if (activation === 'softmax') return Math.exp(within - logSumExp!);
  if (activation === 'log_softmax') return within - logSumExp!;
  if (typeof activation === 'object' && activation.kind === 'power') return within ** activation.exponent;
  if (typeof activation === 'string' && Object.hasOwn(FUNCTIONS, activation)) {
    return FUNCTIONS[activation](within);
  }
  if (activation === 'erf' || activation === 'gelu' || activation === 'gelu_tanh') return undefined;
  return unitFunction(activation as Parameters<typeof unitFunction>[0])(within);
}
