/** Flatten, Reshape, RepeatVector. */
import { say } from '../../../../words/say';
import { integer, listOf } from '../../../json/decode';
import { MAX_SIZE, size } from '../config';
import {
  addLayer,
  cannotRun,
  isFaulty,
  sizedTensorOf,
  titleOf,
  type LayerReader,
  type Site,
  type Sized,
  type Tensor,
} from '../site';

const flatten: LayerReader = (site) => {
  const input = sizedTensorOf(site);
  if (!input || !input.sequence) return input && [input];
  if (site.config.find('data_format')?.value === 'channels_first') {
    cannotRun(site, say`expected "data_format" channels_last, found channels_first`);
  }
  return asRow(site, input);
};

/** All steps in one row; how many there are must be known. */
function asRow(site: Site, input: Sized, expected?: number): readonly Tensor[] | undefined {
  const steps = input.steps ?? (expected === undefined ? undefined : expected / input.width);
  const outputSize = (steps ?? NaN) * input.width;
  if (!Number.isInteger(outputSize) || outputSize > MAX_SIZE * MAX_SIZE) {
    return cannotRun(site, say`expected a sequence whose number of steps the file says, found any number`);
  }
  const { source, width } = input;
  const row = addLayer(site, input, { type: 'flatten', inputs: [source], inputSize: width, outputSize });
  return [asSingleRow(row)];
}

function asSingleRow<T extends Tensor>(tensor: T): T {
  return { ...tensor, sequence: false, steps: undefined };
}

const shapeOf = listOf(integer(-1, MAX_SIZE * MAX_SIZE), 1);

const reshape: LayerReader = (site) => {
  const target = site.config.required(['target_shape', 'dims'], shapeOf);
  const input = sizedTensorOf(site);
  if (!input || !target) return undefined;
  if (input.guessed) return cannotRun(site, say`the shape of what it reads is not known`);
  const numbers = input.sequence
    ? input.steps === undefined
      ? undefined
      : input.steps * input.width
    : input.width;
  const known = target.filter((n) => n >= 0).reduce((product, n) => product * n, 1);
  const shape = target.map((n) => (n >= 0 ? n : numbers === undefined ? undefined : numbers / known));
  const at = site.config.at('target_shape', 'dims');
  const made = shape.reduce<number>((product, n) => product * (n ?? 1), 1);
  if (numbers !== undefined && (numbers !== made || !shape.every(Number.isInteger))) {
    const message = say`${titleOf(site)}: ${numbers} numbers do not make the shape [${target.join(', ')}]`;
    site.report.error(at, 'size-mismatch', message);
    return undefined;
  }
  if (shape.length === 1) return input.sequence ? asRow(site, input, shape[0]) : [input];
  const [steps, width] = shape;
  if (shape.length > 2 || !width) {
    return cannotRun(
      site,
      say`expected a shape of one or two axes of known width, found [${target.join(', ')}]`,
    );
  }
  const { source } = input;
  const sizes = { inputs: [source], inputSize: input.width, outputSize: width };
  return [{ ...addLayer(site, input, { type: 'reshape', ...sizes }), sequence: true, steps }];
};

const repeatVector: LayerReader = (site) => {
  const count = site.config.required(['n'], size);
  const input = sizedTensorOf(site);
  if (!count || !input) return undefined;
  if (input.sequence) {
    const message = say`expected a single row to repeat, found a sequence`;
    if (isFaulty(site, [input], site.at, 'wrong-input', message)) return undefined;
  }
  const { source, width } = input;
  const sizes = { inputs: [source], inputSize: width, outputSize: width };
  return [
    { ...addLayer(site, input, { type: 'repeat_vector', ...sizes, count }), sequence: true, steps: count },
  ];
};

export const SHAPE = new Map<string, LayerReader>([
  ['Flatten', flatten],
  ['Reshape', reshape],
  ['RepeatVector', repeatVector],
]);
