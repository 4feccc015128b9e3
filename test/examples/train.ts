/** Makes media/examples again, from examples/models and their recipes: `npm run train:examples [-- NAME…]`. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeFolder } from '../../src/platform/nodeFolder';
import { DEFAULT_LIMITS } from '../../src/model/dialects/dialect';
import { hasErrors } from '../../src/model/problem';
import { readModel } from '../../src/model/read';
import { writeSafetensors } from '../../src/model/tensors/safetensors';
import type { Recipe } from './recipe';
import { recipe as co2 } from './recipes/co2-rnn';
import { recipes as recall } from './recipes/recall';
import { recipes as stocks } from './recipes/stocks';
import { recipe as tagger } from './recipes/tagger-bilstm';
import { recipes as texts } from './recipes/texts';

const MODELS = join(__dirname, 'models');
const TARGET = join(__dirname, '../../media/examples');

const RECIPES: readonly Recipe[] = [co2, ...stocks, ...texts, tagger, ...recall];

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !RECIPES.some((recipe) => recipe.name === name));
  if (unknown.length > 0) throw new Error(`unknown example ${unknown.join(', ')}`);
  for (const recipe of RECIPES) {
    if (names.length === 0 || names.includes(recipe.name)) await make(recipe);
  }
}

async function make(recipe: Recipe): Promise<void> {
  const { name } = recipe;
  const began = performance.now();
  const fileName = `${name}.rnn.json`;
  const text = readFileSync(join(MODELS, fileName), 'utf8');
  const source = { text, fileName, folder: new NodeFolder(TARGET), limits: DEFAULT_LIMITS };
  const { network, problems } = await readModel(source);
  if (!network || hasErrors(problems, 'structure')) throw new Error(`${name}: ${problems[0]?.message}`);
  const log = (line: string) => console.log(`${name}: ${line}`);
  const { weights, figures } = await recipe.make(
    network,
    (file) => readFileSync(join(TARGET, file), 'utf8'),
    log,
  );
  const filled = text.replace(/\{(\w+)\}/g, (all, key: string) => figures[key] ?? all);
  replace(`${name}.safetensors`, writeSafetensors(weights));
  replace(fileName, filled);
  log(`${JSON.stringify(figures)}, ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

/** Whole or not at all. */
function replace(file: string, contents: string | Uint8Array): void {
  const target = join(TARGET, file);
  writeFileSync(`${target}.part`, contents);
  renameSync(`${target}.part`, target);
}

void main(process.argv.slice(2));
