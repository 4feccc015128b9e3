/**
 * Every package that the product holds or is made with, in one table: `npm run dependencies` writes it to
 * media/dependencies.md. Sizes are those of the minified bundles.
 */
import { build, type BuildOptions, type Metafile } from 'esbuild';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
export const FILE = join(ROOT, 'media', 'dependencies.md');

/** Why each package that package.json names is there. */
const WHY: Readonly<Record<string, string>> = {
  '@bufbuild/protobuf': 'reads the protobuf of ONNX and SavedModel',
  '@modelcontextprotocol/sdk': 'speaks to assistants: `gatescope mcp`',
  '@resvg/resvg-wasm': 'makes PNG of pictures on the command line',
  '@tensorflow/tfjs': 'what numbers and speed are compared with',
  '@types/d3-scale': 'types',
  '@types/d3-shape': 'types',
  '@types/mocha': 'types',
  '@types/node': 'types',
  '@types/vscode': "types of VS Code's API",
  '@vscode/codicons': "VS Code's own icons, those paths of them that the panel uses",
  '@vscode/l10n-dev': 'finds the sentences that are to be translated',
  '@vscode/test-electron': 'runs the suite inside VS Code',
  '@vscode/vsce': 'packs the extension',
  '@vscode/webview-ui-toolkit': "the panel's controls, behind one module",
  ajv: 'holds the JSON schema to the models, in tests',
  assemblyscript: 'compiles the kernels of the engine to WebAssembly',
  assert: "Node's assertions in the suite that runs in a web worker",
  'axe-core': 'tests that the panel is accessible',
  'brain.js': 'what numbers are compared with',
  'csv-parse': 'reads CSV',
  'd3-scale': 'ticks of axes',
  'd3-shape': 'lines of charts',
  esbuild: 'builds the bundles',
  eslint: 'lint',
  'fast-check': 'tests of properties',
  fflate: 'reads and writes ZIP: .keras, .pt, .npz',
  'jsonc-parser': 'reads JSON with the places in its text',
  mermaid: 'draws the unrolled network',
  mocha: 'runs the tests',
  'onnxruntime-node': 'what numbers and speed are compared with',
  'onnxruntime-web': 'what speed is compared with, in the same sandbox',
  'playwright-core': 'drives VS Code as a person does, in tests',
  prettier: 'formats the code',
  tsx: 'runs TypeScript in tests',
  typescript: 'checks types',
  'typescript-eslint': 'lint of TypeScript',
  'vega-datasets': 'the series of the examples, from which they were trained',
  zod: 'the schemas of the tools that assistants are given',
  wavefile: 'what reading of WAV is compared with, in tests',
};

export interface Row {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Bytes in the bundles; in none for what is only used to make or to test them. */
  readonly bytes: Readonly<Record<string, number>>;
  /** Undefined where nobody has said it. */
  readonly why?: string;
}

interface Manifest {
  readonly version: string;
  readonly license?: string;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** One row a package: those that package.json names, and those that these bring into the bundles. */
export async function dependencies(): Promise<Row[]> {
  const bundles = await bundled();
  const named = Object.keys(manifestOf('').devDependencies ?? {}).map((name) => `node_modules/${name}`);
  const brought = [...new Set(bundles.flatMap(({ sizes }) => [...sizes.keys()]))];
  const all = [...new Set([...named, ...brought])].sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'en'));
  const rows = all.map((folder): Row => {
    const { version, license } = manifestOf(folder);
    const name = nameOf(folder);
    const sizes = bundles.flatMap(({ bundle, sizes: own }) =>
      own.has(folder) ? [[bundle, own.get(folder)!] as const] : [],
    );
    const bringer = bundles.map(({ from }) => from.get(folder)).find((one) => one !== undefined);
    const why = named.includes(folder)
      ? WHY[name]
      : `comes with ${bringer === undefined ? 'another' : nameOf(bringer)}`;
    return {
      name,
      version,
      licence: license ?? licenceInFile(folder),
      bytes: Object.fromEntries(sizes),
      ...(why && { why }),
    };
  });
  return merged(rows);
}

/** Copies of one version as one. */
function merged(rows: readonly Row[]): Row[] {
  const all = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.name} ${row.version}`;
    const bytes = { ...all.get(key)?.bytes };
    for (const [bundle, size] of Object.entries(row.bytes)) bytes[bundle] = (bytes[bundle] ?? 0) + size;
    all.set(key, { ...row, ...all.get(key), bytes });
  }
  return [...all.values()];
}

/** What each part of the product is called. */
function bundleOf(options: BuildOptions): string {
  const { outdir = '', entryPoints = {} } = options;
  if (outdir.endsWith('webview')) return 'panel';
  if (outdir.endsWith('web')) return 'web host';
  if ('cli' in entryPoints) return 'command line';
  return 'host';
}

interface Bundled {
  readonly bundle: string;
  /** Bytes of each package, by its folder. */
  readonly sizes: Map<string, number>;
  /** The package that imports each first. */
  readonly from: Map<string, string>;
}

async function bundled(): Promise<Bundled[]> {
  const { product } = createRequire(import.meta.url)('../esbuild.js') as { product: BuildOptions[] };
  const parts = new Map<string, Bundled>();
  for (const options of product) {
    const { metafile } = await build({
      ...options,
      ...{ metafile: true, write: false, logLevel: 'silent', absWorkingDir: ROOT },
    });
    const bundle = bundleOf(options);
    const part = parts.get(bundle) ?? { bundle, sizes: new Map(), from: new Map() };
    parts.set(bundle, part);
    add(metafile!, part);
  }
  return [...parts.values()];
}

function add({ inputs, outputs }: Metafile, { sizes, from }: Bundled): void {
  for (const output of Object.values(outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(output.inputs)) {
      const folder = folderOf(file);
      if (folder && bytesInOutput > 0) sizes.set(folder, (sizes.get(folder) ?? 0) + bytesInOutput);
    }
  }
  for (const [file, { imports }] of Object.entries(inputs)) {
    const importer = folderOf(file);
    for (const { path } of imports) {
      const folder = folderOf(path);
      if (importer && folder && folder !== importer && !from.has(folder)) from.set(folder, importer);
    }
  }
}

/** Of the package that a file belongs to: one may be there in several versions. */
function folderOf(file: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replaceAll('\\', '/'))?.[0];
}

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
}

/** Of a package whose manifest says none. */
function licenceInFile(own: string): string {
  const folder = join(ROOT, own);
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file ? readFileSync(join(folder, file), 'utf8') : '';
  return /\bMIT License\b/i.test(text) ? 'MIT' : 'not stated';
}

function kilobytes(bytes: Row['bytes']): string {
  const parts = Object.entries(bytes).map(([bundle, size]) => `${bundle} ${(size / 1000).toFixed(1)}`);
  return parts.join(', ') || '–';
}

function table(rows: readonly Row[]): string {
  const head = ['Package', 'Version', 'Licence', 'kB in the bundles', 'Why'];
  const lines = rows.map(({ name, version, licence, bytes, why }) => [
    name,
    version,
    licence.replace(/[()]/g, ''),
    kilobytes(bytes),
    why ?? '',
  ]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

async function main(): Promise<void> {
  const rows = await dependencies();
  const unsaid = rows.filter(({ why }) => !why).map(({ name }) => name);
  if (unsaid.length > 0)
    throw new Error(`test/dependencies.ts does not say why these are there: ${unsaid.join(', ')}`);
  const text = `# Dependencies

Nothing is fetched when the extension is installed or used: what is bundled is in it, the rest is for making and testing it. \`npm run dependencies\` writes this table anew; \`npm audit --omit=dev\` has nothing to look at, since no package is installed beside the extension.

${table(rows)}
`;
  writeFileSync(FILE, text);
  console.log(text);
}

if (process.argv[1] === import.meta.filename) void main();
