/** What the panel is told of a model and a sequence, made from what was read. */
import type { Reading } from '../model/dialects/dialect';
import type { Network } from '../model/network';
import { countParameters } from '../model/parameters';
import type { Sample, Sequence } from '../model/samples';
import { SHOWN_FEATURES, type Inputs, type Scene, type SequenceSummary } from '../protocol';

export function toScene(id: number, fileName: string, network: Network, reading: Reading): Scene {
  return {
    id,
    network,
    fileName,
    parameters: countParameters(network),
    trained: reading.trained,
    weightsFile: reading.weightsFile,
    samples: reading.samples.map(({ name, sequence }) => ({ name, steps: sequence.steps })),
  };
}

/** A sequence that the user chose: one of the model's samples, or one of their own. */
export interface Choice {
  readonly sample: string | null;
  readonly title: string;
  readonly sequence: Sequence;
}

export function sampleChoice({ name, sequence }: Sample): Choice {
  return { sample: name, title: name, sequence };
}

export function toSequenceSummary({ sample, title, sequence }: Choice): SequenceSummary {
  const further = [...(sequence.more ?? [])].map(([layer, one]) => ({ layer, inputs: toInputs(one) }));
  return {
    ...{ sample, title, steps: sequence.steps, inputs: toInputs(sequence) },
    ...(further.length > 0 && { further }),
  };
}

function toInputs(sequence: Sequence): Inputs {
  if (sequence.kind === 'token') return { kind: 'token', tokens: sequence.tokens };
  const { size, steps, values } = sequence;
  const shown = Math.min(size, SHOWN_FEATURES);
  const first = new Float32Array(steps * shown);
  for (let step = 0; step < steps; step++) {
    first.set(values.subarray(step * size, step * size + shown), step * shown);
  }
  return { kind: 'vector', size, shown, values: first };
}
