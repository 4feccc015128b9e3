/** Parts of Python files. Names and texts of a model are untrusted: they enter as quoted strings or made-over identifiers. */
import { say } from '../../words/say';
import { cellFacts } from '../../cells';
import { type CommonLayer, isCommonLayer } from '../commonCells';
import type { Layer, Network, RecurrentLayer } from '../network';
import { idleLayers, notRun, runningPart } from '../partial';

/** Why a network cannot be written: names the layer and what the other library lacks. */
export class CannotExpress extends RangeError {
  constructor(layer: string, what: string, library: string) {
    super(say`${JSON.stringify(layer)}: ${what} cannot be expressed in ${library}`);
  }
}

/** The layer, whose cell libraries have. Throws `CannotExpress` for another. */
export function commonLayer(layer: RecurrentLayer, library: string): CommonLayer {
  const { name, type } = layer;
  if (!isCommonLayer(layer)) throw new CannotExpress(name, say`a ${cellFacts({ type }).title} cell`, library);
  return layer;
}

/** A string literal, on one line, without anything that an editor or a terminal would act on. JSON's escapes are Python's. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A number literal. */
export function number(value: number): string {
  return Number.isFinite(value) ? String(value) : `float("${value}")`;
}

/** A number literal that is no whole number's: `1.0` for 1. */
export function float(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : number(value);
}

export function tuple(values: readonly number[]): string {
  return `(${values.join(', ')}${values.length === 1 ? ',' : ''})`;
}

export function indented(lines: readonly string[], depth = 1): string[] {
  return lines.map((line) => (line === '' ? '' : '    '.repeat(depth) + line));
}

/** Functions of one argument in a Python module. */
export function named<Name extends string>(
  module: string,
  names: Readonly<Record<Name, string>>,
): Record<Name, (x: string) => string> {
  const entries = Object.entries<string>(names).map(([name, own]) => [
    name,
    (x: string) => `${module}.${own}(${x})`,
  ]);
  return Object.fromEntries(entries) as Record<Name, (x: string) => string>;
}

/** What a value is kept within: without a bound, infinity. */
export function bounds({
  min = -Infinity,
  max = Infinity,
}: {
  readonly min?: number;
  readonly max?: number;
}): string[] {
  const bound = (value: number) =>
    Number.isFinite(value) ? float(value) : `float("${value < 0 ? '-' : ''}inf")`;
  return [bound(min), bound(max)];
}

/** Keyword arguments, those that are undefined left out. */
export function keywords(values: Readonly<Record<string, string | number | boolean | undefined>>): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [`${key}=${typeof value === 'boolean' ? (value ? 'True' : 'False') : value}`];
  });
}

const KEYWORDS =
  'False None True and as assert async await break class continue def del elif else except finally for from global if ' +
  'import in is lambda nonlocal not or pass raise return try while with yield match case type';
/** What the files use, and what modules of PyTorch have. */
const TAKEN =
  'self x torch nn F json struct Path keras ops mask state input print len range list tuple dict super float int map ' +
  'layers np tensors cell_weights build attention masked_mean pad_same as_batch load read_safetensors NAME WEIGHTS LAYERS SAMPLE Model Recurrent ' +
  'add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval extra_repr ' +
  'forward half ipu load_state_dict modules mtia named_buffers named_children named_modules named_parameters ' +
  'parameters requires_grad_ share_memory state_dict to to_empty train training xpu zero_grad T_destination';
const RESERVED = new Set(`${KEYWORDS} ${TAKEN}`.split(' '));
const LONGEST = 40;

/** Endings of further names that the files make of a layer's. */
const DERIVED = /_(layer|state|mask|input)(_\d+)?$/;

/** An identifier for each layer, of letters, digits and underscores; the same names always give the same ones. */
export function identifiersOf(layers: readonly Layer[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const identifiers = new Map<string, string>();
  for (const { name, type } of layers) {
    const base = identifierOf(name, type);
    let identifier = base;
    for (let k = 2; taken.has(identifier); k++) identifier = `${base}_${k}`;
    taken.add(identifier);
    identifiers.set(name, identifier);
  }
  return identifiers;
}

function identifierOf(name: string, type: string): string {
  const plain = name
    .slice(0, LONGEST)
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const identifier = plain === '' ? type : /^\d/.test(plain) ? `layer_${plain}` : plain;
  const reserved = RESERVED.has(identifier) || /^(register|get|set|named)_/.test(identifier);
  return reserved || DERIVED.test(identifier) ? `${identifier}_` : identifier;
}

/** `EncoderLstm` for `encoder_lstm`. */
export function className(identifier: string): string {
  return identifier.replace(/(^|_+)([A-Za-z0-9])/g, (_, _gap, first: string) => first.toUpperCase());
}

/** What the head of a file says of weights that were never trained. */
export function seededNote(trained: boolean): string[] {
  return trained
    ? []
    : ['# The weights are seeded, not trained: the output says nothing of a trained model.'];
}

/** The part of a network that runs. Throws `CannotExpress` if there is none. */
export function expressible(network: Network): Network {
  const part = runningPart(network, { steps: 1 });
  if (part.layers.length > 0) return part;
  const [{ name, kind }] = idleLayers(network).values();
  throw new CannotExpress(name, kind, say`Python as written here`);
}

/** What the head of a file says of layers that it leaves out, a line each. */
export function notRunNotes(network: Network): string[] {
  return [...idleLayers(network)].map(([layer, cause]) =>
    layer === cause.name
      ? `# Left out: ${inComment(notRun(cause))}`
      : `# Left out: ${inComment(JSON.stringify(layer))}, which needs ${inComment(JSON.stringify(cause.name))}`,
  );
}

function inComment(text: string): string {
  return quoted(text).slice(1, -1).replaceAll('\\"', '"');
}

/** Where the weights are, and what the model is called. */
export function namesOf({ name }: Network, weightsFile: string): string[] {
  return [`NAME = ${quoted(name)}`, `WEIGHTS = ${quoted(weightsFile)}`];
}

interface PythonFile {
  readonly notes: readonly string[];
  /** Of the library; the modules of Python's own that loading needs come before them. */
  readonly imports: readonly string[];
  readonly constants: readonly string[];
  readonly definitions: readonly (readonly string[])[];
}

/** Its text, with the blank lines of PEP 8. */
export function pythonFile({ notes, imports, constants, definitions }: PythonFile): string {
  const own = ['import json', 'import struct', 'from pathlib import Path'];
  const head = [...notes, ...own, '', ...imports, '', ...constants];
  return [...head, ...definitions.flatMap((lines) => ['', '', ...lines]), ''].join('\n');
}
