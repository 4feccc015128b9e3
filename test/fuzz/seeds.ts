/** The sound models that fuzzing starts from: every file of the fixtures and examples that can be read and run. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { DEFAULT_LIMITS } from '../../src/model/dialects/dialect';
import { openSource } from '../../src/model/open';
import { readModel } from '../../src/model/read';
import { Files } from './files';

/** A model file and those beside it that it is read with. */
export interface Seed {
  /** `keras .h5`: what is counted together. */
  readonly group: string;
  readonly fileName: string;
  /** The bytes of its files, its own first. */
  load(): Map<string, Uint8Array>;
}

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = ['test/fixtures', 'media/examples'];
const LARGEST = 200_000;
/** The folder in which a SavedModel keeps its values. */
const VARIABLES = 'variables';
const NO_MODELS = /\.(ts|py|md|txt|csv)$|\.expected\.json$|(^|\/)\.[^/]*$/;

/** In an order that is the same everywhere. */
export async function findSeeds(): Promise<Seed[]> {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const seeds: Seed[] = [];
  for (const path of paths.sort()) {
    const { size, isFile } = fileAt(path);
    if (!isFile || size === 0 || size > LARGEST || NO_MODELS.test(path)) continue;
    const seed = await seedOf(path);
    if (seed) seeds.push(seed);
  }
  return seeds;
}

function fileAt(path: string): { readonly size: number; readonly isFile: boolean } {
  const stats = statSync(join(ROOT, path));
  return { size: stats.size, isFile: stats.isFile() };
}

/** Undefined if the file is no model that runs. */
async function seedOf(path: string): Promise<Seed | undefined> {
  const folder = dirname(path);
  const fileName = relative(folder, path);
  const below = existsSync(join(ROOT, folder, VARIABLES))
    ? readdirSync(join(ROOT, folder, VARIABLES)).map((name) => `${VARIABLES}/${name}`)
    : [];
  const beside = Object.fromEntries(
    [...readdirSync(join(ROOT, folder)), ...below]
      .filter((name) => fileAt(join(folder, name)).isFile)
      .map((name) => [name, readFileSync(join(ROOT, folder, name))]),
  );
  const files = new Files(beside);
  const source = { fileName, folder: files, limits: DEFAULT_LIMITS };
  const { network, weights, files: read } = await readModel(await openSource(files.source(fileName), source));
  if (!network || !weights) return undefined;
  const extension = /\.(rnn\.json|weights\.h5)$/.exec(fileName)?.[0] ?? extname(fileName);
  const known = read.filter((name) => name !== fileName && name in beside);
  const bytes = (name: string) => new Uint8Array(readFileSync(join(ROOT, folder, name)));
  return {
    ...{ group: `${network.dialect} ${extension}`, fileName },
    load: () => new Map([fileName, ...known].map((name) => [name, bytes(name)])),
  };
}
