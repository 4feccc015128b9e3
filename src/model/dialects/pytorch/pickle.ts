/**
 * PyTorch's own files, `.pt`, `.pth`, `.ckpt` and `.bin`: pickles, which run as programs where Python reads them. Here they are
 * read as data: state dicts, and the parameters of modules that were pickled whole.
 */
import { say } from '../../../words/say';
import { counted, quote } from '../../json/decode';
import { START_OF_FILE } from '../../problem';
import { Report } from '../../report';
import { isPickle, openPickle, type PickleFile } from '../../tensors/pickle';
import { opaqueIn, stateDictsIn, valueAt, type StateDict } from '../../tensors/pickle/stateDict';
import { Dict, List, Opaque, Tuple, type Value } from '../../tensors/pickle/values';
import { tensorsOf } from '../../tensors/tensorFile';
import { HEAD_BYTES, unreadable, type BinaryDialect, type BinarySource, type Reading } from '../dialect';
import { attempt } from '../loading';
import { chooseStateDict } from './chooseDict';
import { hyperparametersIn } from './hyperparameters';
import { isStateDict, pytorchSafetensors, readStateDict } from './read';
import { fileTensors } from './tensors';

export const pytorchPickle: BinaryDialect = {
  id: 'pytorch',
  label: say`PyTorch pickle`,
  endings: ['pt', 'pth', 'ckpt', 'bin', 'pkl'],

  // The length with which a safetensors file begins may have a pickle's first bytes too.
  matches: (head, source) => isPickle(head) && !pytorchSafetensors.matches(head, source),

  async read(source) {
    const report = Report.within({ about: 'structure' });
    const { bytes, fileName } = source;
    const head = await bytes.read(0, Math.min(HEAD_BYTES, bytes.size));
    const file = await attempt(fileName, START_OF_FILE, report, () => openPickle(bytes, head, source));
    if (!file) return unreadable(report.problems);
    warnOfPrograms(file, fileName, report);
    const dicts = candidatesIn(file.value);
    if (dicts.length > 0) {
      return chooseStateDict(dicts, source, report, (dict) => readFrom(file, dict, source, report));
    }
    report.error(START_OF_FILE, 'pickle', noTensors(file, fileName));
    return unreadable(report.problems);
  },
};

/** The state dicts that may be the model: those with recurrent layers, nearest to the top, else the largest, to be named. */
function candidatesIn(value: Value): StateDict[] {
  const all = stateDictsIn(value);
  const recurrent = all.filter(({ tensors }) => isStateDict([...tensors.keys()]));
  const nearest = recurrent.filter(({ path }) => path.length === recurrent[0].path.length);
  return nearest.length > 0 ? nearest : all.toSorted((a, b) => b.tensors.size - a.tensors.size).slice(0, 1);
}

async function readFrom(
  file: PickleFile,
  dict: StateDict,
  source: BinarySource,
  report: Report,
): Promise<Reading> {
  const { fileName } = source;
  warnOfModule(file, dict, fileName, report);
  warnOfUnread(dict, fileName, report);
  warnOfLeftOut(file, dict, fileName, report);
  warnOfQuantised(dict, fileName, report);
  for (const sentence of dict.assumed) report.warning(START_OF_FILE, 'assumed', sentence);
  const tensors = tensorsOf(file, dict, source.signal);
  return readStateDict(
    fileTensors(tensors, fileName, {
      ...{ ordered: true, classes: dict.modules },
      hyperparameters: hyperparametersIn(file.value),
    }),
    source,
    report,
  );
}

function warnOfModule(
  { script }: PickleFile,
  { path, module }: StateDict,
  fileName: string,
  report: Report,
): void {
  if (module === undefined) return;
  const where =
    path.length === 0 ? quote(fileName) : say`${quote(fileName)}, under ${quote(path.join('.'))},`;
  const what = script
    ? say`holds a TorchScript program, of class ${named(module)}: the program is not run`
    : say`holds a whole module, of class ${named(module)}: the class is not loaded`;
  const message = say`${where} ${what}, and its parameters are read as those of a state dict`;
  report.warning(START_OF_FILE, 'whole-module', message);
}

const MOST_LISTED = 6;

/** Objects that are not made, beside what is read. */
function warnOfLeftOut(
  { value }: PickleFile,
  { path, holders, unread }: StateDict,
  fileName: string,
  report: Report,
): void {
  const read = valueAt(value, path);
  const known = [...holders, ...unread.values()];
  const opaque = opaqueIn(value, new Set(read === undefined ? known : [read, ...known]));
  if (opaque.size === 0) return;
  const listed = [...opaque].map(
    ([key, names]) => `${shortened([...names].map(named))}${key === '' ? '' : say` in ${quote(key)}`}`,
  );
  const message = say`${quote(fileName)} holds objects of Python that are not made here and are left out: ${shortened(listed, '; ')}`;
  report.warning(START_OF_FILE, 'left-out', message);
}

/** By the function of torch._utils that makes them: what they are, and how they become plain ones. */
const OTHER_TENSORS: Readonly<Record<string, readonly [kind: string, plain: string]>> = {
  _rebuild_sparse_tensor: [say`sparse`, 'v.to_dense()'],
  _rebuild_sparse_csr_tensor: [say`sparse`, 'v.to_dense()'],
  _rebuild_nested_tensor: [say`nested`, 'v.to_padded_tensor(0.0)'],
  _rebuild_meta_tensor_no_storage: [say`a meta tensor, without numbers`, 'v'],
  _rebuild_wrapper_subclass: [say`of a subclass of torch.Tensor`, 'v'],
};

/** Tensors that are not there in the form of numbers in a row. */
function warnOfUnread({ unread }: StateDict, fileName: string, report: Report): void {
  for (const [name, { of }] of [...unread].slice(0, MOST_LISTED)) {
    const [kind, plain] = OTHER_TENSORS[of.split('.').at(-1)!] ?? [say`made by ${named(of)}`, 'v'];
    const help =
      plain === 'v'
        ? say`save the model anew with plain tensors`
        : say`save it anew with state = {k: ${plain} if k == ${JSON.stringify(name)} else v for k, v in state.items()}`;
    const message = say`${quote(fileName)}: the tensor ${quote(name)} is ${kind}, which is not read; ${help}`;
    report.warning(START_OF_FILE, 'left-out', message);
  }
}

function warnOfQuantised({ tensors }: StateDict, fileName: string, report: Report): void {
  const count = [...tensors.values()].filter(({ quantiser }) => quantiser).length;
  if (count === 0) return;
  const message = say`${quote(fileName)} holds ${counted(count, 'quantised tensor')}, taken times their scales; what PyTorch rounds to 8 bits where it runs them is not rounded here, so outputs differ in the second or third digit`;
  report.warning(START_OF_FILE, 'eight-bits', message);
}

/** What starts programs, reads files or looks names up. */
const PROGRAM_MODULES = new Set([
  ...['os', 'posix', 'nt', 'sys', 'subprocess', 'runpy', 'pty', 'socket', 'shutil', 'ctypes', 'importlib'],
  ...['webbrowser', 'pickle', '_pickle', 'marshal'],
]);
const PROGRAM_BUILTINS = new Set([
  ...['eval', 'exec', 'execfile', 'compile', 'open', 'input', 'apply', 'map', 'filter'],
  ...['getattr', 'setattr', 'globals', 'locals', 'vars', '__import__', 'breakpoint'],
]);

function isProgram(name: string): boolean {
  const [module, ...rest] = name.split('.');
  return module === 'builtins' ? PROGRAM_BUILTINS.has(rest[0]) : PROGRAM_MODULES.has(module);
}

/** Said even where what they would give is used nowhere. */
function warnOfPrograms({ refused }: PickleFile, fileName: string, report: Report): void {
  const programs = [...refused].filter(isProgram);
  if (programs.length === 0) return;
  const message = say`${quote(fileName)} would call ${shortened(programs.map(named))} where Python loads it, which can do anything on the computer: nothing was called here; do not load it in Python unless you trust it`;
  report.warning(START_OF_FILE, 'calls-programs', message);
}

function shortened(names: readonly string[], separator = ', '): string {
  const more = names.length > MOST_LISTED ? say`${separator}and ${names.length - MOST_LISTED} more` : '';
  return `${names.slice(0, MOST_LISTED).join(separator)}${more}`;
}

/** A class or function; a name that is none of Python's is quoted, and a long one shortened. */
function named(name: string): string {
  return /^[\w.]{1,80}$/.test(name) ? name : quote(name);
}

function noTensors({ value }: PickleFile, fileName: string): string {
  const target = JSON.stringify(fileName.replace(/\.[^.]*$/, '') + '.safetensors');
  const lines = say`import safetensors.torch; safetensors.torch.save_file(model.state_dict(), ${target})`;
  return say`${JSON.stringify(fileName)} is a pickle, a program that is not run here; read as data it holds no tensors by name, but ${kindOf(value)}; expected a state dict: where the model is made in Python, save it as safetensors, and open that file: ${lines}`;
}

function kindOf(value: Value): string {
  if (value instanceof Opaque) return say`what ${named(value.of)} gives`;
  if (value instanceof List || value instanceof Tuple) return say`a list of ${value.items.length}`;
  if (!(value instanceof Dict)) return say`a single value`;
  const keys = [...value.entries.keys()].map((key) => (typeof key === 'string' ? quote(key) : '…'));
  return keys.length === 0 ? say`an empty dict` : say`a dict with ${shortened(keys)}`;
}
