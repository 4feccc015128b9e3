import { boolean, entries, Fields, integer, nonEmptyString, oneOf, pathOf, quote } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import { initialise, INITIALISERS, type Initialiser } from '../../initialise';
import type { Weights } from '../../weights';
import type { Parameter } from '../../parameters';
import { START_OF_FILE } from '../../problem';
import type { At, Report } from '../../report';
import { nestedShape, nestedValues } from '../../tensors/nested';
import { bytesOf } from '../../tensors/bytes';
import { mostBytesToRead, openTensorFile } from '../../tensors/tensorFile';
import type { Source } from '../dialect';
import { attempt, collect, fitsMemory, sameShape, type Shapes } from '../loading';

/** Where a model's weights are, known by their shapes, not read yet. */
export interface WeightStore {
  readonly shapes: Shapes;
  readonly seeded: boolean;
  /** The values of `parameters`; undefined, with errors reported, if they are not all there. */
  load(parameters: readonly Parameter[]): Promise<Weights | undefined>;
}

/** Undefined, with errors reported, if there are no weights to be read. */
export async function openWeights(
  node: JsonNode | undefined,
  source: Source,
  report: Report,
): Promise<WeightStore | undefined> {
  if (source.weights) {
    const { path, folder } = source.weights;
    return fileStore({ path, trained: true }, node ?? START_OF_FILE, { ...source, folder }, report);
  }
  if (!node) return seededStore('pytorch', 0, START_OF_FILE, source, report);
  const fields = Fields.of(node, report, ['file', 'trained', 'values', 'init', 'seed']);
  fields?.onlyWith('file', ['trained']);
  fields?.onlyWith('init', ['seed']);
  switch (fields?.exactlyOne(['file', 'values', 'init'])) {
    case 'file': {
      const path = fields.required('file', nonEmptyString);
      const trained = fields.optional('trained', boolean) ?? true;
      return path === undefined ? undefined : fileStore({ path, trained }, fields.at('file'), source, report);
    }
    case 'values':
      return inlineStore(fields.at('values'), source, report);
    case 'init': {
      const init = fields.required('init', oneOf(...INITIALISERS));
      const seed = fields.has('seed') ? fields.required('seed', integer(0)) : 0;
      return init && seed !== undefined
        ? seededStore(init, seed, fields.at('init'), source, report)
        : undefined;
    }
    default:
      return undefined;
  }
}

function seededStore(init: Initialiser, seed: number, at: At, source: Source, report: Report): WeightStore {
  return {
    shapes: new Map(),
    seeded: true,
    async load(parameters) {
      return fitsMemory(parameters, 0, at, source, report)
        ? initialise(parameters, init, seed, source.signal)
        : undefined;
    },
  };
}

function inlineStore(node: JsonNode, source: Source, report: Report): WeightStore | undefined {
  const nodes = entries(node, report);
  if (!nodes) return undefined;
  const shapes = new Map<string, readonly number[]>();
  for (const [name, value] of nodes) {
    const shape = nestedShape(value, report);
    if (shape) shapes.set(name, shape);
  }
  return {
    shapes,
    seeded: false,
    async load(parameters) {
      const at = (name: string) => nodes.get(name) ?? node;
      const fits = checkShapes(parameters, shapes, pathOf(node), at, report);
      if (!fits || report.failed || !fitsMemory(parameters, 0, node, source, report)) return undefined;
      return collect(parameters, at, source, report, async ({ name, shape }) =>
        nestedValues(at(name), shape, report),
      );
    },
  };
}

async function fileStore(
  { path: file, trained }: { readonly path: string; readonly trained: boolean },
  node: At,
  source: Source,
  report: Report,
): Promise<WeightStore | undefined> {
  const opened = await attempt(file, node, report, async () =>
    openTensorFile(await bytesOf(source.folder, file, source.limits), source),
  );
  if (!opened) return undefined;
  const { tensors } = opened;
  const shapes = new Map([...tensors].map(([name, { shape }]) => [name, shape]));
  return {
    shapes,
    seeded: !trained,
    async load(parameters) {
      const at = () => node;
      const fits = checkShapes(parameters, shapes, file, at, report);
      const names = parameters.map(({ name }) => name);
      const buffer = mostBytesToRead(tensors, names);
      if (!fits || report.failed || !fitsMemory(parameters, buffer, node, source, report)) return undefined;
      return collect(parameters, at, source, report, ({ name }) =>
        attempt(file, node, report, () => opened.read(name)),
      );
    },
  };
}

/** Whether every parameter is there in its shape. Tensors that are not parameters are a warning. */
function checkShapes(
  parameters: readonly Parameter[],
  shapes: Shapes,
  where: string,
  at: (name: string) => At,
  report: Report,
): boolean {
  let fits = true;
  for (const { name, shape } of parameters) {
    const found = shapes.get(name);
    if (sameShape(found, shape)) continue;
    fits = false;
    const expected = `expected [${shape.join(', ')}]`;
    if (found) {
      report.error(
        at(name),
        'wrong-shape',
        `${where}: tensor ${quote(name)}: ${expected}, found [${found.join(', ')}]`,
      );
    } else {
      report.error(at(name), 'missing-tensor', `${where}: tensor ${quote(name)} is missing; ${expected}`);
    }
  }
  const needed = new Set(parameters.map(({ name }) => name));
  for (const name of shapes.keys()) {
    if (!needed.has(name))
      report.warning(at(name), 'unused-tensor', `${where}: tensor ${quote(name)} is not used`);
  }
  return fits;
}
