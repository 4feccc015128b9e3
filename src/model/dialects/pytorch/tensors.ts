/** The tensors of a state dict, wherever they are. */
import { quote } from '../../json/decode';
import { NumberList } from '../../json/numberList';
import type { JsonNode } from '../../json/parse';
import type { Parameter } from '../../parameters';
import { START_OF_FILE } from '../../problem';
import type { At, Report } from '../../report';
import { nestedShape, nestedValues } from '../../tensors/nested';
import type { Weights } from '../../weights';
import type { Source } from '../dialect';
import { collect, fitsMemory, sameShape, type Shapes } from '../loading';

/** The tensors of a state dict, known by their shapes, not read yet. */
export interface TensorStore {
  readonly shapes: Shapes;
  /** Whether they stand in the order of the modules. */
  readonly ordered: boolean;
  at(name: string): At;
  /** Bytes that reading these takes beside the tensors themselves. */
  conversion(names: Iterable<string>): number;
  /** Undefined, with errors reported, if it cannot be read. */
  read(name: string, report: Report): Promise<Float32Array | undefined>;
}

/** Keys that hold no list of numbers (`epoch`, `history`, …) are no tensors; a key given twice counts once, and is reported. */
export function jsonTensors(dict: JsonNode, report: Report): TensorStore {
  const nodes = new Map<string, JsonNode>();
  for (const { children } of dict.children ?? []) {
    const [key, value] = children ?? [];
    if (!value || !holdsNumbers(value)) continue;
    if (nodes.has(key.value))
      report.error(key, 'duplicate-key', `the tensor ${quote(key.value)} is given twice`);
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

/** The values of `parameters`, each under the name that `nameOf` gives; undefined, with errors, if they are not all there. */
export async function readTensors(
  parameters: readonly Parameter[],
  nameOf: (parameter: Pick<Parameter, 'name'>) => string,
  store: TensorStore,
  source: Source,
  report: Report,
): Promise<Weights | undefined> {
  const fits = checkShapes(parameters, nameOf, store, report);
  const extra = store.conversion(parameters.map(nameOf));
  if (!fits || !fitsMemory(parameters, extra, START_OF_FILE, source, report) || report.failed)
    return undefined;
  const at = (name: string) => store.at(nameOf({ name }));
  const weights = await collect(parameters, at, source, report, (parameter) =>
    store.read(nameOf(parameter), report),
  );
  return report.failed ? undefined : weights;
}

/** Whether every tensor is there in its shape. */
function checkShapes(
  parameters: readonly Parameter[],
  nameOf: (parameter: Parameter) => string,
  { shapes, at }: TensorStore,
  report: Report,
): boolean {
  let fits = true;
  for (const parameter of parameters) {
    const name = nameOf(parameter);
    const found = shapes.get(name);
    if (sameShape(found, parameter.shape)) continue;
    fits = false;
    const expected = `expected [${parameter.shape.join(', ')}]`;
    if (found) {
      report.error(
        at(name),
        'wrong-shape',
        `tensor ${quote(name)}: ${expected}, found [${found.join(', ')}]`,
      );
    } else {
      report.error(at(name), 'missing-tensor', `tensor ${quote(name)} is missing; ${expected}`);
    }
  }
  return fits;
}
