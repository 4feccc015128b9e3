import type { UnitActivation } from '../../network';

/** `TfLiteFusedActivation` in builtin_op_data.h, which `ActivationFunctionType` of schema.fbs has up to 5. */
const ACTIVATIONS: Readonly<Record<number, UnitActivation>> = {
  0: 'none',
  1: 'relu',
  2: 'hard_tanh',
  4: 'tanh',
  6: 'sigmoid',
};

/** What a cell applies; undefined where no cell here has it (relu6, the sign bit). */
export function fusedActivation(code: number): UnitActivation | undefined {
  return ACTIVATIONS[code];
}
