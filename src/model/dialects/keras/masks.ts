import { maskedInputs, masksWhereEvery, startsMask } from '../../masks';
import type { NetworkBuilder } from './site';

/** Whether steps of what `source` gives may be masked. */
export function isMasked(source: string, { layers }: NetworkBuilder): boolean {
  const masked = new Set<string>();
  for (const layer of layers) {
    const inputs = maskedInputs(layer);
    const handed = inputs.filter((name) => masked.has(name)).length;
    const handsOn = masksWhereEvery(layer) ? handed === inputs.length : handed > 0;
    if (startsMask(layer) || handsOn) masked.add(layer.name);
  }
  return masked.has(source);
}
