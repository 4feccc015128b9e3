import { maskedInputs, startsMask } from '../../masks';
import type { NetworkBuilder } from './site';

/** Whether steps of what `source` gives may be masked. */
export function isMasked(source: string, network: NetworkBuilder): boolean {
  const seen = new Set([source]);
  for (const name of seen) {
    const layer = network.layer(name);
    if (!layer) continue;
    if (startsMask(layer)) return true;
    for (const input of maskedInputs(layer)) seen.add(input);
  }
  return false;
}
