/** Every dialect. One more is a folder beside these, and its line here. */
import { brainjs } from './brainjs/read';
import { guitarml } from './guitarml/read';
import { kerasArchive, kerasHdf5 } from './keras/files/model';
import { keras } from './keras/read';
import { checkpoint, savedModel } from './keras/savedmodel/read';
import { ml5 } from './ml5/read';
import { nam } from './nam/read';
import { native } from './native/read';
import { onnx } from './onnx/read';
import { pytorchPickle } from './pytorch/pickle';
import { pytorchSafetensors, pytorchStateDict } from './pytorch/read';
import { rtneural } from './rtneural/read';
import { tfjs } from './tfjs/read';
import { tflite } from './tflite/read';
import type { CellType, DialectId } from '../network';
import type { BinaryDialect, Dialect, TextDialect } from './dialect';

export const TEXT_DIALECTS: readonly TextDialect[] = [
  native,
  guitarml,
  rtneural,
  nam,
  brainjs,
  ml5,
  keras,
  tfjs,
  pytorchStateDict,
];
export const BINARY_DIALECTS: readonly BinaryDialect[] = [
  pytorchSafetensors,
  kerasHdf5,
  kerasArchive,
  savedModel,
  checkpoint,
  onnx,
  tflite,
  pytorchPickle,
];

export const DIALECTS: readonly Dialect[] = [...TEXT_DIALECTS, ...BINARY_DIALECTS];

/** The order in which a dialect's files stack a cell's sums, where that is not the order of the weights in here. */
export function gateOrderOf(dialect: DialectId, type: CellType): string | undefined {
  return DIALECTS.find(({ id }) => id === dialect)?.gateOrders?.[type];
}

/** A model file's name without the ending of its dialect, the longest that fits. */
export function withoutEnding(fileName: string): string {
  const endings = DIALECTS.flatMap((dialect) => dialect.endings.map((ending) => `.${ending}`));
  const lower = fileName.toLowerCase();
  const own = endings.filter((ending) => lower.endsWith(ending)).map(({ length }) => length);
  return fileName.slice(0, fileName.length - Math.max(0, ...own));
}

/** Whether a file of this name is one of text, by its ending. */
export function isTextName(fileName: string): boolean {
  const lower = fileName.toLowerCase();
  return TEXT_DIALECTS.some(({ endings }) => endings.some((ending) => lower.endsWith(`.${ending}`)));
}
