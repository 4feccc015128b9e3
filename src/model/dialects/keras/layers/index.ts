/** The reader of each class of layer. */
import type { LayerReader } from '../site';
import { PLAIN, timeDistributed, unknown } from './plain';
import { RECURRENT } from './recurrent';
import { SEVERAL } from './several';
import { SHAPE } from './shape';
import { WINDOWS } from './windows';

const READERS = new Map<string, LayerReader>([
  ...RECURRENT,
  ...PLAIN,
  ['TimeDistributed', timeDistributed],
  ...SHAPE,
  ...WINDOWS,
  ...SEVERAL,
]);

export function readerOf(className: string): LayerReader {
  const plain = className.slice(className.lastIndexOf('>') + 1);
  return READERS.get(className.startsWith('keras>') ? plain : className) ?? unknown;
}

/** Whether a class is a recurrent layer. */
export function isRecurrentClass(className: string): boolean {
  return RECURRENT.has(className);
}
