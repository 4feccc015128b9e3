/**
 * What the readers say of the fixtures, as they are and cut off, in the language that is named: a program of its own,
 * since words are put into the language when the code is loaded. Prints messages by the files' names, as JSON.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { speak } from '../../src/words/translated';
import { BUNDLE, read } from './sentences';

const FOLDER = 'test/fixtures';
/** Large ones say nothing else. */
const LARGEST = 20_000;
const NO_MODELS = /\.(ts|py|md|txt|csv)$|\.expected\.json$/;

const [language] = process.argv.slice(2);
speak(language, language === 'ko' ? read(BUNDLE) : {});

async function main(): Promise<void> {
  const { NodeFolder } = await import('../../src/platform/nodeFolder');
  const { DEFAULT_LIMITS } = await import('../../src/model/dialects/dialect');
  const { openSource } = await import('../../src/model/open');
  const { readModel } = await import('../../src/model/read');
  const { sourceOf } = await import('../../src/model/tensors/bytes');

  async function saidOf(path: string, bytes: Uint8Array): Promise<string[]> {
    const folder = new NodeFolder(dirname(path));
    const source = { fileName: basename(path), folder, limits: DEFAULT_LIMITS };
    const { problems } = await readModel(await openSource(sourceOf(bytes), source));
    return problems.map(({ message }) => message);
  }

  const said: Record<string, string[]> = {};
  for (const name of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(FOLDER, name);
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > LARGEST || NO_MODELS.test(name)) continue;
    const bytes = readFileSync(path);
    const cut = await saidOf(path, bytes.subarray(0, Math.floor(bytes.byteLength / 2)));
    said[path] = [...(await saidOf(path, bytes)), ...cut];
  }
  console.log(JSON.stringify(said));
}

void main();
