import type { GatedBase, SumNorm, UnitActivation } from '../../model/layer';

export interface LstmLayer extends GatedBase {
  readonly type: 'lstm';
  /** Width of the projected hidden state; 0 is no projection. */
  readonly projSize: number;
  /** Of the cell state on its way to h; as `activation` where absent. */
  readonly outputActivation?: UnitActivation;
  /** True lets i and f see c_{t−1}, and o see c_t: tensors `NAME.peephole_i_l0`, `_f_` and `_o_`. */
  readonly peepholes?: boolean;
  /** The gate that is computed where the other one of i and f is 1 minus it; its rows of the weights stay unused. */
  readonly coupled?: 'input' | 'forget';
  /** Added to the forget gate's sum when running (TensorFlow 1's BasicLSTMCell). */
  readonly forgetBias?: number;
  /** Bound on the cell state: −cellClip … cellClip (TensorFlow Lite, TensorFlow 1's LSTMCell). None where absent. */
  readonly cellClip?: number;
  /** What the forget gate multiplies: the cell state, or, in brain.js, the previous output. */
  readonly keeps?: 'cell' | 'output';
  readonly layerNorm?: CellNorm;
}

/**
 * Of c_t too, `norm_c_` (H): `output` shows h a normalised c_t and keeps the other (Ba et al. 2016); `state` keeps the
 * normalised one (PyTorch's custom_lstms.py, TensorFlow Addons).
 */
export interface CellNorm extends SumNorm {
  readonly cell: 'output' | 'state';
}
