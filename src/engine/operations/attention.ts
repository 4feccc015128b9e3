import type { AttentionLayer } from '../../model/network';
import { attentionCost } from '../plan';
import type { DenseEdge } from '../edge';
import type { Operation } from './operation';

/**
 * y_q = Σ_j a_qj v_j,  a_q = softmax over j of (scale · q · k_j); masked values get no weight, nor do those after q where it
 * is causal. M.-T. Luong, H. Pham and
 * C. D. Manning, "Effective Approaches to Attention-based Neural Machine Translation", EMNLP 2015, the score "dot". Of several
 * heads, each has its own stretch of the units of q, k, v and y (A. Vaswani et al., "Attention Is All You Need", 2017).
 */
export function attention(layer: AttentionLayer, inputs: readonly DenseEdge[]): Operation {
  const [query, value, key = value] = inputs;
  const scale = layer.scale ?? 1;
  const { heads = 1 } = layer;
  const { rows: J } = value;
  /** Units of a query or key, and of a value, of one head. */
  const [D, V] = [query.width / heads, value.width / heads];
  const queryAt = (q: number, head: number) => (q * heads + head) * D;
  const valueAt = (row: number, head: number) => (row * heads + head) * V;

  function weights(q: number, head: number): Float64Array {
    const a = new Float64Array(J);
    let largest = -Infinity;
    const from = queryAt(q, head);
    for (let j = 0; j < J; j++) {
      if (layer.causal && j > q) {
        a[j] = -Infinity;
        continue;
      }
      let score = 0;
      const to = queryAt(j, head);
      for (let d = 0; d < D; d++) score += query.values[from + d] * key.values[to + d];
      a[j] = value.mask && !value.mask[j] ? -Infinity : scale * score;
      largest = Math.max(largest, a[j]);
    }
    if (largest === -Infinity) return a.fill(1 / J);
    let sum = 0;
    for (let j = 0; j < J; j++) sum += a[j] = Math.exp(a[j] - largest);
    for (let j = 0; j < J; j++) a[j] /= sum;
    return a;
  }

  const cost = attentionCost(layer, J) / heads;
  return {
    *forward(y) {
      for (let q = 0; q < query.rows; q++) {
        for (let head = 0; head < heads; head++) {
          const a = weights(q, head);
          const to = valueAt(q, head);
          for (let v = 0; v < V; v++) {
            let sum = 0;
            for (let j = 0; j < J; j++) sum += a[j] * value.values[valueAt(j, head) + v];
            y[to + v] = sum;
          }
          yield cost;
        }
      }
    },
    /** ∂a_j = ∂y · v_j;  ∂score_j = a_j (∂a_j − Σ a ∂a). */
    *backward(_y, dy, [dQuery, dValue, dKey]) {
      const toKey = inputs.length > 2 ? dKey : dValue;
      for (let at = 0; at < query.rows * heads; at++) {
        const [q, head] = [Math.floor(at / heads), at % heads];
        const a = weights(q, head);
        const [ofQuery, ofY] = [queryAt(q, head), valueAt(q, head)];
        const da = new Float64Array(J);
        let mean = 0;
        for (let j = 0; j < J; j++) {
          const ofValue = valueAt(j, head);
          for (let v = 0; v < V; v++) {
            da[j] += dy[ofY + v] * value.values[ofValue + v];
            if (dValue) dValue[ofValue + v] += a[j] * dy[ofY + v];
          }
          mean += a[j] * da[j];
        }
        for (let j = 0; j < J; j++) {
          const slope = scale * a[j] * (da[j] - mean);
          const ofKey = queryAt(j, head);
          for (let d = 0; d < D; d++) {
            if (dQuery) dQuery[ofQuery + d] += slope * key.values[ofKey + d];
            if (toKey) toKey[ofKey + d] += slope * query.values[ofQuery + d];
          }
        }
        yield 3 * cost;
      }
    },
    terms(row, unit) {
      const a = weights(row, Math.floor(unit / V));
      return { inputs: Array.from(a, (weight, j) => ({ input: 1, row: j, unit, weight })) };
    },
  };
}
