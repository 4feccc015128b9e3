/** Lists what is missing, unused or differs in the Korean texts, and writes the Korean schema: `npm run l10n`. */
import { writeFileSync } from 'node:fs';
import { KOREAN, koreanSchema, SCHEMA_TEXTS, schemaFaults } from './schema';
import { BUNDLE, type Faults, faultsOf, manifestFaults, read, sentences } from './sentences';

async function main(): Promise<void> {
  const all: Readonly<Record<string, Faults>> = {
    [BUNDLE]: faultsOf(await sentences(), read(BUNDLE)),
    'package.nls.json, package.nls.ko.json': manifestFaults(),
    [SCHEMA_TEXTS]: schemaFaults(),
  };
  let count = 0;
  for (const [file, faults] of Object.entries(all)) {
    for (const [kind, texts] of Object.entries(faults) as [string, string[]][]) {
      if (texts.length === 0) continue;
      console.log(`${file}, ${kind}:`);
      for (const text of texts) console.log(`  ${JSON.stringify(text)}`);
      count += texts.length;
    }
  }
  writeFileSync(KOREAN, await koreanSchema());
  if (count === 0) console.log('Every text has its translation.');
  process.exitCode = count === 0 ? 0 : 1;
}

void main();
