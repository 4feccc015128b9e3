/** Writes the types of the library to dist/lib/types: the declarations that its entries lead to, and no others. */
const { mkdirSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const ts = require('typescript');

const ROOT = join(__dirname, '../..');
const OUT = join(ROOT, 'dist/lib/types');
const ENTRIES = ['index.ts', 'node.ts', 'vscode.ts'].map((file) => join(ROOT, 'src/library', file));

/** All declarations of the program, by their place below `src`. */
function declarations() {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: ENTRIES }, ts.sys, ROOT);
  const emitted = {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: join(ROOT, 'src'),
  };
  const program = ts.createProgram(ENTRIES, { ...emitted, outDir: OUT, types: ['node'] });
  const found = new Map();
  const { diagnostics } = program.emit(undefined, (file, text) => found.set(relative(OUT, file), text));
  if (diagnostics.length > 0)
    throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost(options)));
  return found;
}

/** Those that `file` leads to, itself among them. */
function reach(found, file, reached = new Set()) {
  if (reached.has(file)) return reached;
  reached.add(file);
  for (const { fileName } of ts.preProcessFile(found.get(file), true, true).importedFiles) {
    if (!fileName.startsWith('.')) continue;
    const wanted = join(dirname(file), fileName);
    const next = [`${wanted}.d.ts`, join(wanted, 'index.d.ts')].find((one) => found.has(one));
    if (!next) throw new Error(`${file} imports ${fileName}, of which there is no declaration`);
    reach(found, next, reached);
  }
  return reached;
}

const found = declarations();
const reached = ENTRIES.flatMap((entry) => [
  ...reach(found, relative(join(ROOT, 'src'), entry).replace(/\.ts$/, '.d.ts')),
]);
rmSync(OUT, { recursive: true, force: true });
for (const file of new Set(reached)) {
  mkdirSync(dirname(join(OUT, file)), { recursive: true });
  writeFileSync(join(OUT, file), found.get(file));
}
