import type { Network } from '../model/network';
import { idleLayers } from '../model/partial';

/** Which layers were not run and why, and whose output it is; nothing where all ran. */
export function notRunJson(network: Network, part: Network) {
  const ran = new Set(part.layers.map(({ name }) => name));
  const idle = idleLayers(network, ran);
  if (part === network || idle.size === 0) return {};
  return {
    outputOf: part.layers[part.layers.length - 1].name,
    notRun: [...idle].map(([layer, { name, kind, reason }]) =>
      layer === name ? { layer, kind, reason } : { layer, because: name },
    ),
  };
}
