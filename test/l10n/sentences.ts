/** What the product says to people: its sentences in English, and what is wrong with their translations. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export type Sentences = Readonly<Record<string, string>>;

export interface Faults {
  /** Said, but not translated. */
  readonly missing: readonly string[];
  /** Translated, but not said. */
  readonly unused: readonly string[];
  /** Other `{0}`, `{1}`, … than the English, or other commands and settings. */
  readonly differing: readonly string[];
}

/** The command line speaks English alone. */
const FOLDERS = ['src', 'webview'];
const ENGLISH_ALONE = /^src\/(cli\/|cli\.ts|engine\/kernels\/assembly\/)/;

export interface Source {
  readonly file: string;
  readonly contents: string;
}

/** The code that speaks to people in their language. */
export function sources(): Source[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name).replaceAll('\\', '/')),
  )
    .filter((file) => !ENGLISH_ALONE.test(file))
    .map((file) => ({ file, contents: readFileSync(file, 'utf8') }));
}

/** Every sentence: of calls of `vscode.l10n.t`, of catalogues that are `translated`, and of templates that `say` it. */
export async function sentences(): Promise<ReadonlySet<string>> {
  const all = sources();
  const glue = all.filter(({ contents }) => contents.includes('l10n.t('));
  const called = await calledIn(glue.map(({ contents }) => contents));
  const listed = all
    .filter(({ contents }) => contents.includes('translated('))
    .flatMap(({ file, contents }) => inCatalogues(file, contents));
  const said = all
    .filter(({ contents }) => contents.includes('say`'))
    .flatMap(({ file, contents }) => inTemplates(file, contents));
  return new Set([...Object.keys(called), ...listed, ...said].filter(hasLetters));
}

/** What is given to `vscode.l10n.t`. The scanner takes `instantiateStreaming` from WebAssembly, which others need. */
async function calledIn(sources: readonly string[]): Promise<object> {
  const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: { instantiateStreaming: unknown } };
  const { instantiateStreaming } = wasm;
  try {
    const { getL10nJson } = await import('@vscode/l10n-dev');
    return await getL10nJson(sources.map((contents) => ({ contents, extension: '.ts' })));
  } finally {
    wasm.instantiateStreaming = instantiateStreaming;
  }
}

/** Texts of the catalogues of a file. */
export function inCatalogues(file: string, contents: string): string[] {
  const found: string[] = [];
  const source = ts.createSourceFile(file, contents, ts.ScriptTarget.Latest, true);
  const texts = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    else if (ts.isPropertyAssignment(node)) texts(node.initializer);
    else if (ts.isTemplateExpression(node)) throw new Error(`${file}: a text of a catalogue is put together`);
    else ts.forEachChild(node, texts);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText(source) === 'translated') {
      node.arguments.forEach(texts);
    } else ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Sentences of the templates of a file that are said, those in the values of others too. */
export function inTemplates(file: string, contents: string): string[] {
  const found: string[] = [];
  const source = ts.createSourceFile(file, contents, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText(source) === 'say') {
      found.push(sentenceOf(node.template));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Texts of a file that read like sentences, but cannot be translated: neither said nor in a catalogue. */
export function bareSentences(file: string, contents: string): string[] {
  const found: string[] = [];
  const source = ts.createSourceFile(file, contents, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isCallExpression(node) && TRANSLATES.test(node.expression.getText(source))) return;
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText(source) === 'say') {
      if (ts.isTemplateExpression(node.template)) {
        node.template.templateSpans.forEach(({ expression }) => visit(expression));
      }
      return;
    }
    const text = ts.isStringLiteralLike(node)
      ? node.text
      : ts.isTemplateExpression(node)
        ? sentenceOf(node).replace(/\{\d+\}/g, '…')
        : '';
    if (/[a-z]{2,} (… )?[a-z]+ (… )?[a-z]{2,}/.test(text)) found.push(`${file}: ${text}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const TRANSLATES = /^(translated|translate|vscode\.l10n\.t)$/;

function sentenceOf(template: ts.TemplateLiteral): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return template.templateSpans.reduce(
    (text, { literal }, k) => `${text}{${k}}${literal.text}`,
    template.head.text,
  );
}

function hasLetters(text: string): boolean {
  return /\p{L}/u.test(text.replace(/\{\d+\}/g, ''));
}

/** What is between a language and what is said. */
export function faultsOf(said: Iterable<string>, language: Sentences): Faults {
  const wanted = new Set(said);
  const both = Object.entries(language).filter(([sentence]) => wanted.has(sentence));
  return {
    missing: [...wanted].filter((sentence) => !language[sentence]),
    unused: Object.keys(language).filter((sentence) => !wanted.has(sentence)),
    differing: both.filter(([one, other]) => fixed(one) !== fixed(other)).map(([sentence]) => sentence),
  };
}

/** What a translation has as it stands. */
function fixed(text: string): string {
  return [...new Set(text.match(/\{\d+\}|\(command:[^)]*\)|`#[^`]*`|\$\([\w-]+\)/g))].sort().join();
}

/** What `package.json` says by the names in `package.nls.json`. */
export function namesInManifest(): string[] {
  const manifest = readFileSync('package.json', 'utf8');
  return [...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, name]) => name);
}

/** The manifest's texts in Korean by those in English: both files have the same names, and name nothing else. */
export function manifestFaults(): Faults {
  const [english, korean] = ['package.nls.json', 'package.nls.ko.json'].map(read);
  const of = [faultsOf(namesInManifest(), english), faultsOf(namesInManifest(), korean)];
  const differing = Object.keys(english).filter((name) => fixed(english[name]) !== fixed(korean[name] ?? ''));
  return {
    missing: [...new Set(of.flatMap(({ missing }) => missing))],
    unused: [...new Set(of.flatMap(({ unused }) => unused))],
    differing: differing.filter((name) => korean[name] !== undefined),
  };
}

export const BUNDLE = 'media/l10n/bundle.l10n.ko.json';

export function read(file: string): Sentences {
  return JSON.parse(readFileSync(file, 'utf8')) as Sentences;
}
