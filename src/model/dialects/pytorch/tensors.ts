/** The tensors of a state dict, wherever they are. */
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { NumberList } from '../../json/numberList';
import type { JsonNode } from '../../json/node';
import type { Parameter } from '../../parameters';
import { START_OF_FILE } from '../../problem';
import type { At, Report } from '../../report';
import { nestedShape, nestedValues } from '../../tensors/nested';
import { mostBytesToRead, type TensorFile } from '../../tensors/tensorFile';
import { elementCount, type Weights } from '../../weights';
import type { Source } from '../dialect';
import { attempt, collect, fitsMemory, sameShape, type Shapes } from '../loading';
import type { Classes } from './classes';
import type { Hyperparameters } from './hyperparameters';
import { isRecurrentName } from './modules';
import { assembled, largestOf, tensorsOf, type Origin } from './sources';

/** The tensors of a state dict, known by their shapes, not read yet. */
export interface TensorStore {
  readonly shapes: Shapes;
  /** Whether they stand in the order of the modules. */
  readonly ordered: boolean;
  /** Of the modules that they belong to, where the file has those. */
  readonly classes?: Classes;
  /** Those that stand beside the state dict. */
  readonly hyperparameters?: Hyperparameters;
  at(name: string): At;
  /** Bytes that reading these takes beside the tensors themselves. */
  conversion(names: Iterable<string>): number;
  /** Undefined, with errors reported, if it cannot be read. */
  read(name: string, report: Report): Promise<Float32Array | undefined>;
}

/** Without the counters and masks that state dicts hold beside parameters. */
export function fileTensors(
  { tensors, read }: TensorFile,
  fileName: string,
  { ordered, classes, hyperparameters }: Pick<TensorStore, 'ordered' | 'classes' | 'hyperparameters'>,
): TensorStore {
  const parameters = [...tensors].filter(([name, { float }]) => float || isRecurrentName(name));
  return {
    shapes: new Map(parameters.map(([name, { shape }]) => [name, shape])),
    ordered,
    classes,
    hyperparameters,
    at: () => START_OF_FILE,
    conversion: (names) => mostBytesToRead(tensors, names),
    read: (name, about) => attempt(fileName, START_OF_FILE, about, () => read(name)),
  };
}

/** Keys that hold no list of numbers (`epoch`, `history`, …) are no tensors; a key given twice counts once, and is reported. */
export function jsonTensors(dict: JsonNode, report: Report): TensorStore {
  const nodes = new Map<string, JsonNode>();
  for (const { children } of dict.children ?? []) {
    const [key, value] = children ?? [];
    if (!value || !holdsNumbers(value)) continue;
    if (nodes.has(key.value))
      report.error(key, 'duplicate-key', say`the tensor ${quote(key.value)} is given twice`);
    else nodes.set(key.value, value);
  }
  const shapes = new Map([...nodes].map(([name, node]) => [name, nestedShape(node, report) ?? []]));
  return {
    shapes,
    ordered: true,
    at: (name) => nodes.get(name) ?? dict,
    conversion: () => 0,
    read: async (name, about) => nestedValues(nodes.get(name) ?? dict, shapes.get(name) ?? [], about),
  };
}

function holdsNumbers(node: JsonNode): boolean {
  let first: JsonNode | undefined = node;
  while (first?.type === 'array' && !(first instanceof NumberList)) first = first.children?.[0];
  if (first instanceof NumberList) return true;
  return node.type === 'array' && first?.type === 'number';
}

/** The values of `parameters`, each of its origin; undefined, with errors, if they are not all there. */
export async function readTensors(
  parameters: readonly Parameter[],
  originOf: (parameter: Pick<Parameter, 'name'>) => Origin,
  store: TensorStore,
  source: Source,
  report: Report,
): Promise<Weights | undefined> {
  const origins = parameters.map(originOf);
  const fits = checkShapes(parameters, originOf, store, report);
  const pieces = origins.reduce((most, origin) => Math.max(most, sizeOfPieces(origin)), 0);
  const extra = store.conversion(origins.flatMap(namesOf)) + pieces;
  if (!fits || !fitsMemory(parameters, extra, START_OF_FILE, source, report) || report.failed)
    return undefined;
  const at = (name: string) => store.at(namesOf(originOf({ name }))[0]);
  const weights = await collect(parameters, at, source, report, (parameter) => {
    const origin = originOf(parameter);
    return typeof origin === 'string'
      ? store.read(origin, report)
      : assembled(origin, elementCount(parameter.shape), (tensor) => store.read(tensor, report));
  });
  return report.failed ? undefined : weights;
}

/** The tensors of an origin. */
export function namesOf(origin: Origin): string[] {
  return typeof origin === 'string' ? [origin] : tensorsOf(origin);
}

/** Bytes of the largest tensor of which only pieces are taken, as it is and turned round. */
function sizeOfPieces(origin: Origin): number {
  return typeof origin === 'string' ? 0 : 2 * Float32Array.BYTES_PER_ELEMENT * largestOf(origin);
}

/** Whether every tensor that is taken as it is is there in its shape. */
function checkShapes(
  parameters: readonly Parameter[],
  originOf: (parameter: Parameter) => Origin,
  { shapes, at }: TensorStore,
  report: Report,
): boolean {
  let fits = true;
  for (const parameter of parameters) {
    const name = originOf(parameter);
    if (typeof name !== 'string') continue;
    const found = shapes.get(name);
    if (sameShape(found, parameter.shape)) continue;
    fits = false;
    const expected = say`expected [${parameter.shape.join(', ')}]`;
    if (found) {
      report.error(
        at(name),
        'wrong-shape',
        say`tensor ${quote(name)}: ${expected}, found [${found.join(', ')}]`,
      );
    } else {
      report.error(at(name), 'missing-tensor', say`tensor ${quote(name)} is missing; ${expected}`);
    }
  }
  return fits;
}
