/** The diagram's nodes in the page: which signal and step each stands for. */
import type { StepAddress } from '../../src/model/network';

/** The address that a node of the diagram carries in its `data-` attributes. */
export function addressOf({ dataset }: SVGElement): StepAddress {
  return {
    layer: dataset.layer!,
    level: Number(dataset.level),
    direction: dataset.direction === 'backward' ? 'backward' : 'forward',
    signal: dataset.signal!,
    step: Number(dataset.step),
  };
}

/** The node of the diagram that an event came from. */
export function signalNode(target: EventTarget | null): SVGGElement | null {
  return target instanceof Element ? target.closest<SVGGElement>('g[data-signal]') : null;
}

/** The diagram's node of a signal at a step, or null if it is not on screen. */
export function findNode(root: Element, address: StepAddress): SVGGElement | null {
  const { layer, level, direction, signal, step } = address;
  const attributes = Object.entries({ layer, level, direction, signal, step });
  const selector = attributes.map(([name, value]) => `[data-${name}="${CSS.escape(String(value))}"]`);
  return root.querySelector<SVGGElement>(`g${selector.join('')}`);
}
