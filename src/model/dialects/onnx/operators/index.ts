import { TFLITE_RECURRENT } from '../../tflite/recurrent';
import { isOwnDomain, MICROSOFT, TFLITE } from '../inputs';
import type { NodeProto } from '../schema/onnx_pb';
import { ACTIVATIONS } from './activations';
import { ARITHMETIC_OPERATORS } from './arithmetic';
import { ELEMENTWISE } from './elementwise';
import { LINEAR } from './linear';
import { LISTS } from './lists';
import { NORMS } from './norms';
import type { Operator } from './operator';
import { CONTRIBUTED_RECURRENT, RECURRENT } from './recurrent';
import { REDUCTIONS } from './reductions';
import { SCATTER } from './scatter';
import { SHAPES } from './shapes';
import { WINDOWS } from './windows';

/** ONNX's own operators that can be expressed, by their names. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  [
    RECURRENT,
    SHAPES,
    SCATTER,
    ARITHMETIC_OPERATORS,
    ELEMENTWISE,
    LINEAR,
    ACTIVATIONS,
    WINDOWS,
    NORMS,
    REDUCTIONS,
    LISTS,
  ].flatMap((operators) => Object.entries(operators)),
);

/** onnxruntime's own, docs/ContribOperators.md. */
const CONTRIBUTED: ReadonlyMap<string, Operator> = new Map(
  Object.entries({ ...CONTRIBUTED_RECURRENT, Gelu: ELEMENTWISE.Gelu }),
);

/** Undefined where it cannot be expressed. */
export function implementationOf({ opType, domain }: NodeProto): Operator | undefined {
  if (domain === TFLITE) return TFLITE_RECURRENT.get(opType);
  if (domain === MICROSOFT) return CONTRIBUTED.get(opType);
  return isOwnDomain(domain) ? OPERATORS.get(opType) : undefined;
}
