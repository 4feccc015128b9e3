import type { ClipLayer, ElementFunction, ElementwiseLayer, PowerLayer } from '../../model/network';
import { sigmoid } from '../activations';
import { EXPONENTIAL } from '../cells/cell';
import type { DenseEdge } from '../edge';
import { type Operation, type OperationTerms, asItIs } from './operation';

/** y = f(x) and f′(x), of one number. */
interface Smooth {
  readonly value: (x: number) => number;
  readonly slope: (x: number) => number;
}

export function elementwise(
  layer: ElementwiseLayer | PowerLayer | ClipLayer,
  { values }: DenseEdge,
): Operation {
  const { value, slope } = functionOf(layer);
  return {
    *forward(y) {
      for (let k = 0; k < y.length; k++) y[k] = value(values[k]);
      yield y.length * EXPONENTIAL;
    },
    *backward(_y, dy, [into]) {
      if (into) for (let k = 0; k < dy.length; k++) if (dy[k] !== 0) into[k] += dy[k] * slope(values[k]);
      yield dy.length * EXPONENTIAL;
    },
    terms: (row, unit) => ({ ...asItIs(row, unit), ...appliedBy(layer) }),
  };
}

function appliedBy(
  layer: ElementwiseLayer | PowerLayer | ClipLayer,
): Pick<OperationTerms, 'activation' | 'bounds'> {
  switch (layer.type) {
    case 'elementwise':
      return { activation: layer.function };
    case 'power':
      return { activation: { kind: 'power', exponent: layer.exponent } };
    case 'clip':
      return { bounds: { min: layer.min, max: layer.max } };
  }
}

function functionOf(layer: ElementwiseLayer | PowerLayer | ClipLayer): Smooth {
  switch (layer.type) {
    case 'elementwise':
      return FUNCTIONS[layer.function];
    case 'power': {
      const { exponent } = layer;
      return { value: (x) => x ** exponent, slope: (x) => exponent * x ** (exponent - 1) };
    }
    case 'clip': {
      const { min = -Infinity, max = Infinity } = layer;
      return {
        value: (x) => (x < min ? min : x > max ? max : x),
        slope: (x) => (x < min || x > max ? 0 : 1),
      };
    }
  }
}

const SQRT_2 = Math.SQRT2;
const SQRT_2_PI = Math.sqrt(2 * Math.PI);
/** Φ and φ of the normal distribution. */
const normal = (x: number) => (1 + erf(x / SQRT_2)) / 2;
const density = (x: number) => Math.exp((-x * x) / 2) / SQRT_2_PI;
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units" (2016): the approximation's inner sum, and its slope. */
const inner = (x: number) => Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
const innerSlope = (x: number) => Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x ** 2);

const FUNCTIONS: Readonly<Record<ElementFunction, Smooth>> = {
  abs: { value: Math.abs, slope: Math.sign },
  exp: { value: Math.exp, slope: Math.exp },
  log: { value: Math.log, slope: (x) => 1 / x },
  sqrt: { value: Math.sqrt, slope: (x) => 0.5 / Math.sqrt(x) },
  reciprocal: { value: (x) => 1 / x, slope: (x) => -1 / (x * x) },
  sin: { value: Math.sin, slope: Math.cos },
  cos: { value: Math.cos, slope: (x) => -Math.sin(x) },
  erf: { value: erf, slope: (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) },
  gelu: { value: (x) => x * normal(x), slope: (x) => normal(x) + x * density(x) },
  gelu_tanh: {
    value: (x) => (x / 2) * (1 + Math.tanh(inner(x))),
    slope: (x) => {
      const t = Math.tanh(inner(x));
      return (1 + t) / 2 + (x / 2) * (1 - t * t) * innerSlope(x);
    },
  },
  silu: {
    value: (x) => x * sigmoid(x),
    slope: (x) => {
      const s = sigmoid(x);
      return s + x * s * (1 - s);
    },
  },
  mish: {
    value: (x) => x * Math.tanh(softplus(x)),
    slope: (x) => {
      const t = Math.tanh(softplus(x));
      return t + x * (1 - t * t) * sigmoid(x);
    },
  },
  hard_swish: {
    value: (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
    slope: (x) => (x < -3 ? 0 : x > 3 ? 1 : (2 * x + 3) / 6),
  },
};

/**
 * M. Abramowitz and I. Stegun, "Handbook of Mathematical Functions" (1964): the series 7.1.5 near 0, beyond it the continued
 * fraction 7.1.14 of 1 − erf.
 */
function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  const z = Math.abs(x);
  if (z > 6) return Math.sign(x);
  if (z < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; n < 80 && Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = z;
  for (let n = 40; n > 0; n--) fraction = z + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / fraction);
}
