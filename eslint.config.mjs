import tseslint from 'typescript-eslint';

/** Node's own modules, which are not there in a web worker. */
const NODE = '^(node:.*|fs|path|os|child_process|worker_threads|crypto|buffer|util|url)$';

/** Globals of Node and of the DOM: the pure folders run in a web worker as well as in Node. */
const HOST_GLOBALS = [
  'Buffer',
  'process',
  'require',
  '__dirname',
  '__filename',
  'window',
  'document',
  'navigator',
];

/** Imports run one way: model, cells' facts ← engine ← unroll ← picture, host ← editor, commands, language; engine, picture, export ← cli; webview ← protocol. */
function mayNotImport(...folders) {
  return folders.map((folder) => ({
    regex: `^\\.{1,2}/(.*/)?${folder}(/|$)`,
    message: `imports run one way: see the house plan (${folder} is above or beside this folder)`,
  }));
}

/** A cell's facts go everywhere, its equations only where the engine may go. */
const noEquations = {
  regex: '^\\.{1,2}/(.*/)?cells/(equations$|[^/]+/(?!facts$|native$|layer$))',
  message: 'only the engine and what stands above it know the equations of cells',
};

const noVscode = {
  regex: '^vscode$',
  message: 'only editor/, commands/, language/ and extension.ts know VS Code',
};
const noNode = { regex: NODE, message: 'this folder runs in a web worker too: see platform/' };
const GLUE = ['editor', 'commands', 'language', 'cli', 'extension', 'webview'];

function restrict(files, patterns, rules = {}) {
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }], ...rules } };
}

const ofCells = (file) => [`src/cells/*/${file}`];

const pure = { 'no-restricted-globals': ['error', ...HOST_GLOBALS] };

const WEBVIEW = [
  noVscode,
  noNode,
  noEquations,
  ...mayNotImport('engine', 'files', 'platform', 'host', 'editor', 'commands', 'language', 'cli'),
];

const otherFeature = {
  regex: '^\\.\\./(?!\\.\\.)',
  message: 'a feature reads what all share, not another feature',
};

const HTML = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'createContextualFragment'];

export default tseslint.config(
  // AssemblyScript looks like TypeScript, but its types are not TypeScript's.
  { ignores: ['dist/', 'out/', '.vscode-test/', 'test/fixtures/', 'src/engine/kernels/assembly/'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-eval': 'error',
      'no-new-func': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'webview/**/*.ts', 'test/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: ['describe', 'it'] }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { files: ['test/unit/**'], rules: { '@typescript-eslint/no-explicit-any': 'off' } },
  { files: ['**/*.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },

  // Whatever folder a file is in: all but these also run in a web worker.
  restrict(['src/**/*.ts'], [noVscode, noNode], pure),
  {
    files: ['src/platform/**', 'src/cli.ts', 'src/cli/**', 'src/mcp/**'],
    ignores: ['src/platform/*.web.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  restrict(
    ['src/model/**', 'src/cells/**'],
    [
      noVscode,
      noNode,
      noEquations,
      ...mayNotImport('engine', 'verify', 'unroll', 'protocol', 'platform', 'host', ...GLUE),
    ],
    pure,
  ),
  restrict(
    ['src/engine/**', 'src/cells/equations.ts', ...ofCells('!(facts|native|layer).ts')],
    [noVscode, noNode, ...mayNotImport('verify', 'unroll', 'protocol', 'platform', 'host', ...GLUE)],
    pure,
  ),
  restrict(
    ['src/verify/**', ...ofCells('variants.ts')],
    [noVscode, noNode, ...mayNotImport('unroll', 'protocol', 'platform', 'host', ...GLUE)],
    pure,
  ),
  restrict(
    ['src/differences/**', 'src/whatIf/**'],
    [noVscode, noNode, ...mayNotImport('verify', 'unroll', 'protocol', 'platform', 'host', ...GLUE)],
    pure,
  ),
  restrict(
    ['src/words/**'],
    [noVscode, noNode, ...mayNotImport('unroll', 'protocol', 'platform', 'host', ...GLUE)],
    pure,
  ),
  restrict(['src/unroll/**'], [noVscode, noNode, ...mayNotImport('platform', 'host', ...GLUE)], pure),
  restrict(
    ['src/picture/**'],
    [noVscode, noNode, noEquations, ...mayNotImport('engine', 'files', 'platform', 'host', ...GLUE)],
    pure,
  ),
  restrict(['src/export/**'], [noVscode, noNode, ...mayNotImport('platform', 'host', ...GLUE)], pure),
  restrict(['src/files/**'], [noVscode, noNode, ...mayNotImport('engine', 'verify', 'unroll', ...GLUE)]),
  restrict(
    ['src/platform/**'],
    [noVscode, ...mayNotImport('model', 'verify', 'unroll', 'protocol', 'host', ...GLUE)],
  ),
  restrict(['src/platform/*.web.ts'], [noVscode, noNode]),
  restrict(['src/host/**'], [noVscode, noNode, ...mayNotImport('verify', ...GLUE)], pure),
  restrict(['src/mcp/**'], [noVscode, ...mayNotImport('engine', 'host', ...GLUE)]),
  restrict(
    ['src/tools/**'],
    [
      noVscode,
      noNode,
      ...mayNotImport('platform', 'host', 'mcp', 'editor', 'commands', 'language', 'webview'),
    ],
    pure,
  ),
  restrict(['src/library/**'], [noVscode, ...mayNotImport('host', ...GLUE)]),
  restrict(
    ['src/cli.ts', 'src/cli/**'],
    [noVscode, ...mayNotImport('host', 'editor', 'commands', 'language', 'webview')],
  ),
  restrict(['src/protocol.ts'], [noVscode, noNode, ...mayNotImport(...GLUE)]),
  restrict(
    ['src/extension.ts', 'src/editor/**', 'src/commands/**', 'src/language/**'],
    [noNode, ...mayNotImport('cli', 'webview')],
  ),
  restrict(
    ['src/language/text/**'],
    [noVscode, noNode, ...mayNotImport('platform', 'editor', 'commands', 'cli', 'webview')],
    pure,
  ),
  restrict(['webview/**'], WEBVIEW, {
    'no-restricted-properties': [
      'error',
      ...HTML.map((property) => ({ property, message: 'text from a file must not become HTML' })),
    ],
  }),
  // A program of its own: the panel with what the host does of it.
  restrict(
    ['webview/alone/**'],
    [noVscode, noNode, ...mayNotImport('files', 'platform', 'editor', 'commands', 'language', 'cli')],
  ),
  restrict(['webview/features/**'], [...WEBVIEW, otherFeature]),
  restrict(['webview/shared/**'], [...WEBVIEW, ...mayNotImport('features', 'shell')]),
  restrict(
    ['webview/ui/**', 'webview/colour/**'],
    [...WEBVIEW, ...mayNotImport('features', 'shell', 'shared')],
  ),
);
