/** What stands at the bottom of the pictures. */
import type { Network } from '../model/network';
import type { Sequence } from '../model/samples';
import { sentFeatures, type FurtherInputs, type Inputs, type SequenceSummary } from '../protocol';

/** Of a sequence what is shown. */
export function inputsOf(sequence: Sequence): Pick<SequenceSummary, 'inputs' | 'further'> {
  const further = [...(sequence.more ?? [])].map(([layer, one]): FurtherInputs => ({
    layer,
    inputs: toInputs(one),
  }));
  return { inputs: toInputs(sequence), ...(further.length > 0 && { further }) };
}

function toInputs(sequence: Sequence): Inputs {
  if (sequence.kind === 'token') return { kind: 'token', tokens: sequence.tokens };
  const { size, steps, values } = sequence;
  const shown = sentFeatures(size, steps);
  const first = new Float32Array(steps * shown);
  for (let step = 0; step < steps; step++) {
    first.set(values.subarray(step * size, step * size + shown), step * shown);
  }
  return { kind: 'vector', size, shown, values: first };
}

/** Steps of the longest row: the sequence's, or those that a decoder has of its own. */
export function longestRow(
  { layers }: Network,
  { steps, further }: Pick<SequenceSummary, 'steps' | 'further'>,
): number {
  const own = layers.flatMap((layer) => {
    if (layer.type === 'repeat_vector') return [layer.count];
    if (layer.type !== 'input' || layer.clock !== 'own') return [];
    const given = further?.find(({ layer: name }) => name === layer.name);
    return given ? [lengthOf(given.inputs)] : [];
  });
  return Math.max(steps, ...own);
}

function lengthOf(inputs: Inputs): number {
  return inputs.kind === 'token' ? inputs.tokens.length : inputs.values.length / Math.max(1, inputs.shown);
}
