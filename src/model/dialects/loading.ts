/** What readers of all dialects share on the way from a file to weights. */
import { FileError } from '../../files/folder';
import { say } from '../../words/say';
import type { Fix } from '../fix';
import { counted, quote } from '../json/decode';
import { madeUpSamples } from '../madeUp';
import { checkMemory } from '../limits';
import { furtherInputs, type Network } from '../network';
import type { Parameter } from '../parameters';
import { idleLayers, notRun } from '../partial';
import { Pauses } from '../pauses';
import type { At, Report } from '../report';
import { TensorFileError } from '../tensors/bytes';
import { elementCount, type Tensor, type Weights } from '../weights';
import { unreadable, type Reading, type Source } from './dialect';

/** Shapes of the tensors that a file brings, by name. */
export type Shapes = ReadonlyMap<string, readonly number[]>;

/** Reports what is wrong with a file at the value that names it; anything else is no fault of the input. */
export async function attempt<T>(
  file: string,
  at: At,
  report: Report,
  action: () => Promise<T>,
  fixes: readonly Fix[] = [],
): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (FileError.is(error)) {
      report.error(at, `weights-${error.reason}`, say`weights file: ${error.message}`, fixes);
    } else if (error instanceof TensorFileError) {
      report.error(at, 'bad-weights-file', `${file}: ${error.message}`);
    } else {
      throw error;
    }
    return undefined;
  }
}

/** Whether the weights fit into the limit, with `extraBytes` that reading them takes beside; reported if not. */
export function fitsMemory(
  parameters: readonly Parameter[],
  extraBytes: number,
  at: At,
  { limits }: Source,
  report: Report,
): boolean {
  const numbers = parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  return checkMemory(4 * numbers + extraBytes, limits, say`the weights`, at, report);
}

/** Every parameter's values as `read` gives them; undefined if any is missing. Non-finite values are a warning. */
export async function collect(
  parameters: readonly Parameter[],
  at: (name: string) => At,
  source: Source,
  report: Report,
  read: (parameter: Parameter) => Promise<Float32Array | undefined>,
): Promise<Weights | undefined> {
  const weights = new Map<string, Tensor>();
  const pauses = new Pauses(source.signal);
  for (const parameter of parameters) {
    const data = await read(parameter);
    await pauses.take();
    if (!data) continue;
    await warnOfNonFinite(parameter, data, at(parameter.name), report, pauses);
    weights.set(parameter.name, { shape: parameter.shape, data });
  }
  return weights.size === parameters.length ? weights : undefined;
}

/** Values that are looked at in one stretch. */
const PIECE = 1 << 20;

async function warnOfNonFinite(
  { name, shape }: Parameter,
  data: Float32Array,
  at: At,
  report: Report,
  pauses: Pauses,
): Promise<void> {
  let first = -1;
  let count = 0;
  for (let from = 0; from < data.length; from += PIECE) {
    const to = Math.min(from + PIECE, data.length);
    for (let k = from; k < to; k++) {
      if (Number.isFinite(data[k])) continue;
      if (count === 0) first = k;
      count += 1;
    }
    await pauses.take();
  }
  if (count === 0) return;
  const columns = shape[1];
  const index = columns === undefined ? [first] : [Math.floor(first / columns), first % columns];
  const message = say`tensor ${quote(name)} holds ${counted(count, 'value')} not finite, the first, ${data[first]}, at [${index.join(', ')}]`;
  report.warning(at, 'non-finite-weights', message);
}

/** Warns of every layer that is not run: what depends on it, and what a sequence may bring in its place. */
export function warnOfNotRun(network: Network, at: (layer: string) => At, report: Report): void {
  const idle = [...idleLayers(network)];
  for (const input of [network.input, ...furtherInputs(network).map((layer) => layer.input)]) {
    if (input.kind !== 'vector' || !input.standsFor) continue;
    const { name } = input.standsFor;
    const message = say`${notRun(input.standsFor)}; sequences are what it would hand on, ${numbersAStep(input.size)}`;
    report.warning(at(name), 'not-run', message);
  }
  for (const layer of network.layers) {
    if (layer.type !== 'not_run') continue;
    const others = idle.filter(([name, cause]) => cause === layer && name !== layer.name);
    const names = others.map(([name]) => quote(name)).join(', ');
    const rest =
      others.length === 0
        ? ''
        : say`; nor is what needs it (${names}), unless a sequence brings its output: ${numbersAStep(layer.outputSize)}, under its name`;
    report.warning(at(layer.name), 'not-run', notRun(layer) + rest);
  }
}

function numbersAStep(size: number): string {
  return say`${counted(size, 'number')} a step`;
}

export function sameShape(a: readonly number[] | undefined, b: readonly number[]): boolean {
  return a?.length === b.length && b.every((size, axis) => size === a[axis]);
}

/** The reading of a model that is one file, and brings no samples: some are made up, as `madeUpSamples` does. */
export function soleFile(
  network: Network | undefined,
  weights: Weights | undefined,
  { fileName }: Source,
  report: Report,
  lengths?: ReadonlyMap<string, number>,
): Reading {
  if (!network || report.failed) return unreadable(report.problems);
  const samples = madeUpSamples(network, lengths);
  return {
    network,
    weights,
    trained: true,
    samples,
    declaredSamples: samples.map(({ name }) => name),
    problems: report.problems,
    files: [],
    weightsFile: fileName,
  };
}
