import type { AttentionLayer } from '../../model/network';
import { EXPONENTIAL } from '../cells/cell';
import type { DenseEdge } from '../edge';
import type { Operation } from './operation';

/**
 * y_q = Σ_j a_qj v_j,  a_q = softmax over j of (scale · q · k_j); masked values get no weight. M.-T. Luong, H. Pham and
 * C. D. Manning, "Effective Approaches to Attention-based Neural Machine Translation", EMNLP 2015, the score "dot".
 */
export function attention(layer: AttentionLayer, inputs: readonly DenseEdge[]): Operation {
  const [query, value, key = value] = inputs;
  const scale = layer.scale ?? 1;
  const { width: D } = query;
  const { rows: J, width: V } = value;

  function weights(q: number): Float64Array {
    const a = new Float64Array(J);
    let largest = -Infinity;
    for (let j = 0; j < J; j++) {
      let score = 0;
      for (let d = 0; d < D; d++) score += query.values[q * D + d] * key.values[j * D + d];
      a[j] = value.mask && !value.mask[j] ? -Infinity : scale * score;
      largest = Math.max(largest, a[j]);
    }
    if (largest === -Infinity) return a.fill(1 / J);
    let sum = 0;
    for (let j = 0; j < J; j++) sum += a[j] = Math.exp(a[j] - largest);
    for (let j = 0; j < J; j++) a[j] /= sum;
    return a;
  }

  const cost = J * (D + V + EXPONENTIAL);
  return {
    *forward(y) {
      for (let q = 0; q < query.rows; q++) {
        const a = weights(q);
        for (let v = 0; v < V; v++) {
          let sum = 0;
          for (let j = 0; j < J; j++) sum += a[j] * value.values[j * V + v];
          y[q * V + v] = sum;
        }
        yield cost;
      }
    },
    /** ∂a_j = ∂y · v_j;  ∂score_j = a_j (∂a_j − Σ a ∂a). */
    *backward(_y, dy, [dQuery, dValue, dKey]) {
      const toKey = inputs.length > 2 ? dKey : dValue;
      for (let q = 0; q < query.rows; q++) {
        const a = weights(q);
        const da = new Float64Array(J);
        let mean = 0;
        for (let j = 0; j < J; j++) {
          for (let v = 0; v < V; v++) {
            da[j] += dy[q * V + v] * value.values[j * V + v];
            if (dValue) dValue[j * V + v] += a[j] * dy[q * V + v];
          }
          mean += a[j] * da[j];
        }
        for (let j = 0; j < J; j++) {
          const slope = scale * a[j] * (da[j] - mean);
          for (let d = 0; d < D; d++) {
            if (dQuery) dQuery[q * D + d] += slope * key.values[j * D + d];
            if (toKey) toKey[j * D + d] += slope * query.values[q * D + d];
          }
        }
        yield 3 * cost;
      }
    },
  };
}
