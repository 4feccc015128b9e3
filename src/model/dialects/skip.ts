/** A residual connection from a network's input to its output, as models of guitar amplifiers have it. */
import { INPUT, type Layer } from '../network';

/** The name of the layer that picks the input's first features; its weight is `pickedWeight`. */
export const PICK = 'pick';

/** Adds the first `width` features of the input to what the last layer gives, which must be as wide. */
export function withSkip(
  layers: readonly Layer[],
  inputSize: number,
  width: number,
  source = INPUT,
): Layer[] {
  const last = layers[layers.length - 1];
  const sum = { name: 'skip', type: 'merge', mode: 'add', inputSize: width, outputSize: width } as const;
  if (inputSize === width) return [...layers, { ...sum, inputs: [last.name, source] }];
  const pick = { name: PICK, inputs: [source], inputSize, outputSize: width };
  return [
    ...layers.slice(0, -1),
    { ...pick, type: 'linear', bias: false, activation: 'none', fixed: ['weight'] },
    last,
    { ...sum, inputs: [last.name, PICK] },
  ];
}

/** `width` × `inputSize`: ones where row and column are the same. */
export function pickedWeight(inputSize: number, width: number): Float32Array {
  const weight = new Float32Array(width * inputSize);
  for (let row = 0; row < width; row++) weight[row * inputSize + row] = 1;
  return weight;
}
