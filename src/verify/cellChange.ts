/** What may have been meant otherwise of a cell. */
import { HARD_SIGMOID_02, HARD_SIGMOID_6TH, type GatedBase, type UnitActivation } from '../model/layer';
import type { GateActivation, Remedy } from './remedy';

/** A change of one recurrent layer, of what it is, of its tensors, or both. */
export interface Change {
  readonly remedy: Remedy;
  readonly rare?: boolean;
  /** Options, under the names of the network's layers. */
  readonly layer?: object;
  readonly tensors?: (cell: CellTensors) => Partial<CellTensors>;
  /** Takes a tensor from another name. */
  readonly from?: (name: string) => string;
}

/** Of one level and direction; biases are absent where there are none. */
export interface CellTensors {
  readonly weight_ih: Float32Array;
  readonly weight_hh: Float32Array;
  readonly bias_ih?: Float32Array;
  readonly bias_hh?: Float32Array;
}

export function everyTensor(
  cell: CellTensors,
  change: (data: Float32Array) => Float32Array,
): Partial<CellTensors> {
  const entries = Object.entries(cell) as [keyof CellTensors, Float32Array | undefined][];
  return Object.fromEntries(entries.map(([kind, data]) => [kind, data && change(data)]));
}

const GATE_ACTIVATIONS: readonly (readonly [GateActivation, UnitActivation])[] = [
  ['sigmoid', 'sigmoid'],
  ['hard-sigmoid-0.2', HARD_SIGMOID_02],
  ['hard-sigmoid-1/6', HARD_SIGMOID_6TH],
];

/** Of a cell with gates. */
export function gateActivations(layer: GatedBase): Change[] {
  const same = (a: UnitActivation, b: UnitActivation) => JSON.stringify(a) === JSON.stringify(b);
  const gates = GATE_ACTIVATIONS.filter(
    ([, activation]) => !same(activation, layer.recurrentActivation ?? 'sigmoid'),
  ).map(([activation, recurrentActivation]): Change => ({
    remedy: { cause: 'gate-activation', activation },
    layer: { recurrentActivation },
  }));
  const candidate = (layer.activation ?? 'tanh') === 'tanh' ? 'relu' : 'tanh';
  return [
    ...gates,
    {
      remedy: { cause: 'activation', of: 'cell', activation: candidate },
      layer: { activation: candidate },
    },
  ];
}
