/** A gradient in words: where the output depends most on states and input, and what that says of the memory. */
import { SMALLEST, type Gradient } from '../engine/gradient';
import type { LayerMemory } from '../engine/memory';
import { memoryInWords } from '../words/memory';
import { type Network } from '../model/network';
import { outputLayer } from '../model/partial';
import { oneLine } from './output';
import { short } from './table';

const LARGEST = 5;

export function* gradientText(
  network: Network,
  { target, input, inputs, layers }: Gradient,
  memory: readonly LayerMemory[],
): Generator<string> {
  const { step, unit, value } = target;
  const { name } = outputLayer(network);
  yield `${oneLine(network.name)}: y[${step}][${unit}] of ${oneLine(name)} is ${short(value)}; norms of its gradient, the largest first\n`;
  yield `input: ${largest(input)}\n`;
  for (const { layer, norms } of inputs) yield `${oneLine(layer)}: ${largest(norms)}\n`;
  for (const [k, { layer, level, direction, dh, dc }] of layers.entries()) {
    const where = `${oneLine(layer)}, level ${level}, ${direction}`;
    yield `${where}: h ${largest(dh)}\n`;
    if (dc) yield `${where}: c ${largest(dc)}\n`;
    for (const sentence of memoryInWords(memory[k].findings)) yield `  ${oneLine(sentence)}\n`;
  }
}

function largest(norms: Float64Array): string {
  const order = Array.from(norms.keys()).sort((a, b) => norms[b] - norms[a]);
  const shown = order.slice(0, LARGEST).map((step) => `${size(norms[step])} at step ${step}`);
  return shown.join(', ') + (norms.length > LARGEST ? ', …' : '');
}

function size(norm: number): string {
  return norm > 0 && norm < SMALLEST ? `below ${SMALLEST}` : short(norm);
}
