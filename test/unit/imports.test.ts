import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

type Imports = ReadonlyMap<string, readonly string[]>;

/** What each file of a folder imports of the project, types and `import()` included. */
function importsOf(...folders: string[]): Imports {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ts$/.test(name) && !name.includes('assembly'))
      .map((name) => join(folder, name).replaceAll('\\', '/')),
  );
  return new Map(files.map((file) => [file, imported(file)]));
}

function imported(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
  return importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith('.')) return [];
    const wanted = join(dirname(file), fileName).replaceAll('\\', '/');
    return [`${wanted}.ts`, `${wanted}/index.ts`, wanted].filter(
      (path) => /\.ts$/.test(path) && existsSync(path),
    );
  });
}

/** Sets of files each of which leads to all the others (Tarjan 1972), the files in order. */
function circles(imports: Imports): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  function visit(file: string): void {
    order.set(file, order.size);
    low.set(file, order.get(file)!);
    stack.push(file);
    for (const next of imports.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file)!, low.get(next)!));
    }
    if (low.get(file) !== order.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1 || imports.get(file)?.includes(file)) found.push(circle.sort());
  }
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return found.sort((a, b) => a[0].localeCompare(b[0]));
}

describe('imports', () => {
  it('run in no circles, those of types included', () => {
    assert.deepEqual(circles(importsOf('src', 'webview')), []);
  });

  it('are followed through types, re-exports and import()', () => {
    const imports: Imports = new Map([
      ['a.ts', ['b.ts']],
      ['b.ts', ['c.ts']],
      ['c.ts', ['a.ts', 'd.ts']],
      ['d.ts', []],
      ['e.ts', ['e.ts']],
    ]);
    assert.deepEqual(circles(imports), [['a.ts', 'b.ts', 'c.ts'], ['e.ts']]);
    assert.ok(imported('src/engine/forward.ts').length > 0);
  });
});
