import type { Conv1dLayer } from '../../model/network';
import { paddingBefore, rowAt } from '../../model/time';
import { activate } from '../activations';
import type { DenseEdge } from '../edge';
import { rowByRow } from '../slices';
import { throughActivation } from './activation';
import type { InputTerm, Operation, TensorOf } from './operation';

/**
 * y_r = φ(b + Σ_k W_k x_{r·stride + k·dilation − padding}), rows outside the sequence being zeros, or as the padding mode has
 * them. W is out × in × kernel,
 * as PyTorch's nn.Conv1d has it; what it computes is a cross-correlation.
 */
export function conv1d(layer: Conv1dLayer, input: DenseEdge, tensor: TensorOf): Operation {
  const { kernelSize: K, stride, dilation, outputSize: out } = layer;
  const { values: x, rows, width } = input;
  const weight = tensor('weight')!;
  const bias = tensor('bias') ?? new Float32Array(out);
  const before = paddingBefore(layer, rows);
  const cost = out * width * K;

  /** Calls `each` with the offsets of every row of x that row r sees, and the place in the kernel. */
  function window(r: number, each: (from: number, k: number) => void): void {
    for (let k = 0; k < K; k++) {
      const row = rowAt(r * stride + k * dilation - before, rows, layer.paddingMode);
      if (row >= 0) each(row * width, k);
    }
  }

  return {
    forward: (y) =>
      rowByRow(y.length / out, cost, (r) => {
        for (let o = 0; o < out; o++) {
          let sum = bias[o];
          window(r, (from, k) => {
            for (let i = 0; i < width; i++) sum += weight[(o * width + i) * K + k] * x[from + i];
          });
          y[r * out + o] = sum;
        }
        activate(layer.activation, y, r * out, out);
      }),
    *backward(y, dy, [into], parameter) {
      const da = throughActivation(layer.activation, y, out, dy);
      const [dWeight, dBias] = [parameter('weight'), parameter('bias')];
      yield* rowByRow(da.length / out, 2 * cost, (r) => {
        for (let o = 0; o < out; o++) {
          const slope = da[r * out + o];
          if (dBias) dBias[o] += slope;
          window(r, (from, k) => {
            for (let i = 0; i < width; i++) {
              const at = (o * width + i) * K + k;
              if (into) into[from + i] += slope * weight[at];
              if (dWeight) dWeight[at] += slope * x[from + i];
            }
          });
        }
      });
    },
    terms(row, unit) {
      const inputs: InputTerm[] = [];
      window(row, (from, k) => {
        for (let i = 0; i < width; i++) {
          inputs.push({ input: 0, row: from / width, unit: i, weight: weight[(unit * width + i) * K + k] });
        }
      });
      const biases = layer.bias ? [{ name: 'bias', weight: bias[unit] }] : [];
      return { activation: layer.activation, biases, inputs };
    },
  };
}
