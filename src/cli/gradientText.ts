/** A gradient in words: where the output depends most on states and input, and what that says of the memory. */
import { SMALLEST, type Gradient } from '../engine/gradient';
import type { LayerMemory } from '../engine/memory';
import { memoryInWords } from '../words/memory';
import { type Network } from '../model/network';
import { outputLayer } from '../model/partial';
import { rowOfStep } from '../model/time';
import { firstText } from './first';
import { oneLine } from './output';
import { targetText, unitText } from './outputUnit';
import type { Chosen } from './sequence';
import { short } from './table';

const LARGEST = 5;

interface Asked extends Pick<Chosen, 'from'> {
  /** Absent where none was chosen. */
  readonly unit?: number;
}

export function* gradientText(
  network: Network,
  { target, input, inputs, layers, trace }: Gradient,
  memory: readonly LayerMemory[],
  asked: Asked,
): Generator<string> {
  const { name } = outputLayer(network);
  yield `${oneLine(network.name)}: ${targetText(network, target)} of ${oneLine(name)} is ${short(target.value)}; norms of its gradient, the largest first\n`;
  yield* firstText(asked);
  const largestUnit = largestAt(trace, target.step);
  if (asked.unit === undefined && largestUnit !== target.unit && largestUnit >= 0) {
    yield `no --unit is given, so it is unit ${target.unit}; the largest at that step is ${unitText(network, largestUnit)}\n`;
  }
  yield `input: ${largest(input)}\n`;
  for (const { layer, norms } of inputs) yield `${oneLine(layer)}: ${largest(norms)}\n`;
  for (const [k, { layer, level, direction, dh, dc }] of layers.entries()) {
    const where = `${oneLine(layer)}, level ${level}, ${direction}`;
    yield `${where}, hidden state h: ${largest(dh)}\n`;
    if (dc) yield `${where}, cell state c: ${largest(dc)}\n`;
    if (memory[k].findings.length > 0)
      yield `  of the gradient of ${dc ? 'the cell state c' : 'the hidden state h'}:\n`;
    for (const sentence of memoryInWords(memory[k].findings)) yield `  ${oneLine(sentence)}\n`;
  }
}

/** The unit with the largest number of the output at a step; −1 where none is one. */
function largestAt(trace: Gradient['trace'], step: number): number {
  const { units, values } = trace.output;
  const row = rowOfStep(trace, trace.output, step);
  let found = -1;
  for (let unit = 0; unit < units; unit++) {
    const value = values[row * units + unit];
    if (value > (found < 0 ? -Infinity : values[row * units + found])) found = unit;
  }
  return found;
}

function largest(norms: Float64Array): string {
  const order = Array.from(norms.keys()).sort((a, b) => norms[b] - norms[a]);
  const shown = order.slice(0, LARGEST).map((step) => `${size(norms[step])} at step ${step}`);
  return shown.join(', ') + (norms.length > LARGEST ? ', …' : '');
}

function size(norm: number): string {
  return norm > 0 && norm < SMALLEST ? `below ${SMALLEST}` : short(norm);
}
