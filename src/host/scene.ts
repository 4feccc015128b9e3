/** What the panel is told of a model and a sequence, made from what was read. */
import type { Reading } from '../model/dialects/dialect';
import { missingInputs, withFurtherInputs } from '../model/furtherInputs';
import type { Network } from '../model/network';
import { countParameters } from '../model/parameters';
import { remarksOn } from '../model/partial';
import { hasErrors, type Problem } from '../model/problem';
import type { ExpectedOutput, Sample, Sequence, TableFacts } from '../model/samples';
import type { Origin } from './origin';
import { inputsOf } from '../picture/inputs';
import type { Scene, SequenceSummary, TakenInputs } from '../protocol';
import { remarkInWords } from '../words/remarks';
import type { Translate } from '../words/translate';

export function toScene(id: number, fileName: string, network: Network, reading: Reading): Scene {
  return {
    id,
    network,
    fileName,
    parameters: countParameters(network),
    trained: reading.trained,
    lacksWeights: hasErrors(reading.problems, 'weights'),
    weightsFile: reading.weightsFile,
    samples: reading.samples.map(({ name, sequence }) => ({ name, steps: sequence.steps })),
  };
}

/** A sequence that the user chose: one of the model's samples, or one of their own. */
export interface ChosenSequence {
  readonly sample: string | null;
  readonly title: string;
  readonly sequence: Sequence;
  /** What brings back one of the user's own. */
  readonly origin?: Origin;
  /** What the network is known to give for it. */
  readonly expected?: ExpectedOutput;
  /** The first step that the network itself added to a prompt. */
  readonly generatedFrom?: number;
  /** What was found in reading it. */
  readonly warnings?: readonly string[];
  readonly taken?: TakenInputs;
}

export function sampleChoice({ name, sequence, expected }: Sample): ChosenSequence {
  return { sample: name, title: name, sequence, ...(expected && { expected }) };
}

/** A sequence of the user's own, as it was read, and where from. */
export function ownChoice(
  title: string,
  sequence: Sequence,
  problems: readonly Problem[],
  origin?: Origin,
): ChosenSequence {
  const warnings = problems.filter(({ severity }) => severity === 'warning').map(({ message }) => message);
  return {
    ...{ sample: null, title, sequence },
    ...(origin && { origin }),
    ...(warnings.length > 0 && { warnings }),
  };
}

/**
 * With what the model's first sample has for the further inputs that the sequence does not bring. Throws as
 * `withFurtherInputs` does.
 */
export function withTakenInputs(
  network: Network,
  choice: ChosenSequence,
  samples: readonly Sample[],
  translate: Translate,
): ChosenSequence {
  const sequence = withFurtherInputs(network, choice.sequence, samples);
  const layers = missingInputs(network, choice.sequence).map(({ name }) => name);
  const remarks = remarksOn(network, sequence).map((remark) => remarkInWords(remark, translate));
  const warnings = [...(choice.warnings ?? []), ...remarks];
  return {
    ...{ ...choice, sequence },
    ...(warnings.length > 0 && { warnings }),
    ...(layers.length > 0 && { taken: { layers, sample: samples[0].name } }),
  };
}

/** `estimate` of a run, in milliseconds. */
export function toSequenceSummary(choice: ChosenSequence, estimate?: number): SequenceSummary {
  const { sample, origin, title, sequence, warnings, taken, generatedFrom } = choice;
  const table = sequence.kind === 'vector' ? sequence.table : undefined;
  const { inputs, further } = inputsOf(sequence);
  return {
    ...{ sample, title, steps: sequence.steps, inputs },
    ...(further && { further }),
    ...(warnings && { warnings }),
    ...(taken && { taken }),
    ...(origin && { origin: JSON.stringify(origin) }),
    ...(estimate !== undefined && { estimate }),
    ...(table && { table: withoutPlace(table) }),
    ...(generatedFrom !== undefined && { generatedFrom }),
  };
}

/** What is shown of it. */
function withoutPlace({ place: _, ...facts }: TableFacts): TableFacts {
  return facts;
}
