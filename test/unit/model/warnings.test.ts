import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

/** The codes of warnings as the readers write them. */
function codesInSource(): string[] {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.flatMap((file) => {
    const text = readFileSync(join(ROOT, 'src', file), 'utf8');
    const reports = text.match(/\.warning\(/g)?.length ?? 0;
    const found = [...text.matchAll(/\.warning\([^,;]+,\s*'([a-z-]+)'/g)];
    assert.equal(found.length, reports, `${file}: a code that is no literal after a place without a comma`);
    const written = [...text.matchAll(/severity: 'warning', code: '([a-z-]+)'/g)];
    return [...found, ...written].map(([, code]) => code);
  });
}

function codesInDocument(): string[] {
  const text = readFileSync(join(ROOT, 'media/model-format.md'), 'utf8');
  const [, problems] = text.split('\n## Problems\n');
  return [...problems.matchAll(/^\| `([a-z-]+)`/gm)].map(([, code]) => code);
}

describe('the document of the format', () => {
  it('lists the codes of all warnings, each once, and no others', () => {
    assert.deepEqual(codesInDocument().sort(), [...new Set(codesInSource())].sort());
  });
});
