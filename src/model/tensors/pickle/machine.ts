/**
 * Reads a pickle as data (the opcodes are those of CPython's pickletools.py, protocols 0 to 5). Where Python would look up a
 * class, call a function or make an object, there is its name, or an `Opaque` in its place: nothing is executed.
 */
import type { ByteSource } from '../../../files/folder';
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { Pauses } from '../../pauses';
import { TensorFileError } from '../bytes';
import { OBJECT_BYTES, SLOT_BYTES, type Budget } from './budget';
import { build, callOf } from './calls';
import { PickleInput } from './input';
import { Dict, Global, List, Opaque, SetOfValues, Tuple, type Value } from './values';

export interface UnpickleOptions {
  readonly budget: Budget;
  /** What the pickle's own numbering of things outside of it means; undefined if it is none that is known. */
  readonly persistent?: (id: Value) => Value | undefined;
  /** What is in the bytes of a whole file of PyTorch's within the pickle, as `torch.storage._load_from_bytes` would give it. */
  readonly load?: (
    bytes: Uint8Array,
  ) => Promise<{ readonly value?: Value; readonly refused: Iterable<string> }>;
  readonly signal?: AbortSignal;
}

export interface Unpickled {
  readonly value: Value;
  /** Offset behind the pickle. */
  readonly end: number;
  /** Functions and classes that Python would have called and that are not known here, in their order. */
  readonly refused: ReadonlySet<string>;
}

const MAX_OPERATIONS = 10_000_000;
const MAX_MEMO = 4_000_000;
const MAX_MARKS = 10_000;
const MAX_LINE = 1 << 16;
const MAX_NAME = 1000;
/** Operations between two pauses. */
const STRETCH = 8192;
/** An opcode and its argument, where that has a fixed length. */
const LONGEST_FIXED = 9;
const STOP = 0x2e;

/** The pickle that begins at `start`. Throws `TensorFileError` if it is damaged, or beyond a limit. */
export async function unpickle(
  file: ByteSource,
  start: number,
  options: UnpickleOptions,
): Promise<Unpickled> {
  const input = new PickleInput(file, start);
  const machine = new Machine(options);
  const pauses = new Pauses(options.signal);
  for (let count = 1; ; count++) {
    if (!input.holds(LONGEST_FIXED)) await input.fill(LONGEST_FIXED);
    machine.offset = input.offset;
    const code = input.uint8();
    if (code === STOP) return { value: machine.pop(), end: input.offset, refused: machine.refused };
    const operation = OPERATIONS.get(code);
    if (!operation)
      throw machine.fault(say`0x${code.toString(16).padStart(2, '0')} is no opcode that is known`);
    options.budget.take(SLOT_BYTES);
    const pending = operation(machine, input);
    if (pending) await pending;
    if (count % STRETCH === 0) await pauses.take();
    if (count > MAX_OPERATIONS) throw machine.fault(say`expected at most ${MAX_OPERATIONS} operations`);
  }
}

class Machine {
  /** Of the operation that runs. */
  offset = 0;
  readonly refused = new Set<string>();
  readonly budget: Budget;
  private readonly stack: Value[] = [];
  /** Where the stack ended when they were set. */
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, Value>();

  constructor(private readonly options: UnpickleOptions) {
    this.budget = options.budget;
  }

  fault(message: string): TensorFileError {
    return new TensorFileError(say`the pickle, at offset ${this.offset}: ${message}`);
  }

  push(value: Value): void {
    this.stack.push(value);
  }

  /** Pushes a value that takes memory of its own. */
  make(value: Value): void {
    this.budget.take(OBJECT_BYTES);
    this.stack.push(value);
  }

  peek(): Value {
    if (this.isEmpty()) throw this.fault(say`there is no value to take`);
    return this.stack[this.stack.length - 1];
  }

  pop(): Value {
    const value = this.peek();
    this.stack.pop();
    return value;
  }

  /** The last `count` values, in their order. */
  popMany(count: number): Value[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  mark(): void {
    if (this.marks.length >= MAX_MARKS) throw this.fault(say`expected a depth of at most ${MAX_MARKS}`);
    this.marks.push(this.stack.length);
  }

  /** The values behind the last mark, which goes too. */
  popMark(): Value[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw this.fault(say`there is no mark to go back to`);
    return this.stack.splice(mark);
  }

  /** The last value, or the last mark where nothing is behind it. */
  drop(): void {
    if (this.isEmpty() && this.marks.length > 0) this.marks.pop();
    else this.pop();
  }

  memoize(index = this.memo.size): void {
    if (this.memo.size >= MAX_MEMO) throw this.fault(say`expected a memo of at most ${MAX_MEMO} values`);
    this.budget.take(OBJECT_BYTES);
    this.memo.set(index, this.peek());
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw this.fault(say`the memo has no value ${index}`);
    this.push(value);
  }

  append(items: readonly Value[]): void {
    const target = this.peek();
    if (!(target instanceof List || target instanceof SetOfValues || target instanceof Opaque)) {
      throw this.fault(say`expected a list or a set to add to`);
    }
    for (const item of items) target.items.push(item);
  }

  setItems(items: readonly Value[]): void {
    const target = this.peek();
    if (!(target instanceof Dict || target instanceof Opaque))
      throw this.fault(say`expected a dict to add to`);
    if (items.length % 2 !== 0) throw this.fault(say`a key of a dict has no value`);
    this.budget.take(items.length * SLOT_BYTES);
    for (let k = 0; k < items.length; k += 2) target.entries.set(items[k], items[k + 1]);
  }

  global(module: Value, name: Value): void {
    if (typeof module !== 'string' || typeof name !== 'string') {
      throw this.fault(say`expected the names of a module and of what it has`);
    }
    if (module.length + name.length > MAX_NAME) {
      throw this.fault(say`expected a name of at most ${MAX_NAME} characters`);
    }
    this.make(new Global(todaysName(`${module}.${name}`)));
  }

  /** Puts what a call would give in the place of `callee` and `args`. */
  call(callee: Value, args: readonly Value[]): void | Promise<void> {
    const { made = callee, rest } = constructed(callee, args);
    const [bytes] = rest;
    if (made instanceof Global && made.name === LOAD && bytes instanceof Uint8Array && this.options.load) {
      return this.options.load(bytes).then(({ value, refused }) => {
        for (const name of refused) this.refused.add(name);
        this.made(made, value);
      });
    }
    return this.made(made, callOf(made, rest, this.budget));
  }

  /** Pushes what a call gives; something opaque where that is not known. */
  private made(callee: Value, known: Value | undefined): void {
    if (known !== undefined) {
      this.make(known);
      return;
    }
    const of = callee instanceof Global || callee instanceof Opaque ? nameOf(callee) : say`an object`;
    if (callee instanceof Global) this.refused.add(of);
    this.make(new Opaque(of));
  }

  build(): void {
    const state = this.pop();
    build(this.peek(), state);
  }

  persistent(): void {
    const id = this.pop();
    const value = this.options.persistent?.(id);
    if (value === undefined) throw this.fault(say`it refers to something outside of it that is not known`);
    this.make(value);
  }

  private isEmpty(): boolean {
    return this.stack.length <= (this.marks.at(-1) ?? 0);
  }
}

/** Takes the bytes of a file, where tensors are pickled without `torch.save` (torch/storage.py). */
const LOAD = 'torch.storage._load_from_bytes';

function nameOf(value: Global | Opaque): string {
  return value instanceof Global ? value.name : value.of;
}

/** Modules that are called otherwise today. */
const MODULES = [
  [/^__builtin__\./, 'builtins.'],
  [/^copy_reg\./, 'copyreg.'],
  [/^numpy\._core\./, 'numpy.core.'],
] as const;

function todaysName(name: string): string {
  return MODULES.reduce((found, [old, today]) => found.replace(old, today), name);
}

/** Of the helpers that make objects of a class, that class is what is called. */
function constructed(callee: Value, args: readonly Value[]): { made?: Value; rest: readonly Value[] } {
  const helper = callee instanceof Global && /^copyreg\.(_reconstructor|__newobj(_ex)?__)$/.test(callee.name);
  return helper ? { made: args[0], rest: [] } : { rest: args };
}

type Operation = (machine: Machine, input: PickleInput) => void | Promise<void>;

/** Hands `count` bytes on once they are at hand; they are not a copy. */
function withBytes(
  machine: Machine,
  input: PickleInput,
  count: number,
  take: (bytes: Uint8Array) => void,
): void | Promise<void> {
  input.expect(count);
  machine.budget.take(count);
  if (input.holds(count)) return take(input.bytes(count));
  return input.fill(count).then(() => take(input.bytes(count)));
}

/** Hands the text before the next line break on, as long as `most` at most. */
async function withLine(
  machine: Machine,
  input: PickleInput,
  take: (line: string) => void,
  decode: (bytes: Uint8Array) => string = decodeText,
  most = MAX_LINE,
): Promise<void> {
  for (let wanted = MAX_LINE; input.lineLength() === undefined; wanted *= 2) {
    if (wanted > most) throw machine.fault(say`a line does not end`);
    machine.budget.take(wanted);
    await input.fill(wanted);
    if (input.lineLength() === undefined && !input.holds(wanted))
      throw machine.fault(say`a line does not end`);
  }
  const length = input.lineLength()!;
  if (length > most) throw machine.fault(say`a line does not end`);
  machine.budget.take(length);
  const line = decode(input.bytes(length));
  input.bytes(1);
  take(line);
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeText(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

const TEXT_PIECE = 8192;

/** A character a byte. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.byteLength; at += TEXT_PIECE)
    text += String.fromCharCode(...bytes.subarray(at, at + TEXT_PIECE));
  return text;
}

/** Python's `raw-unicode-escape`. */
function unescapedUnicode(bytes: Uint8Array): string {
  return latin1(bytes).replace(
    /\\u([0-9a-fA-F]{4})|\\U(00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})/g,
    (_, short?: string, long?: string) => String.fromCodePoint(parseInt((short ?? long)!, 16)),
  );
}

const ESCAPES = new Map(Object.entries({ n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' }));

/** What Python 2 writes for a string, between quotes and with escapes. */
function unquoted(line: string): string | Uint8Array {
  const text = line
    .replace(/^\s*(['"])(.*)\1\s*$/s, '$2')
    .replace(/\\(?:x([0-9a-f]{2})|([0-7]{1,3})|(.))/gis, (_, hex?: string, octal?: string, other = '') => {
      if (hex ?? octal) return String.fromCharCode(parseInt((hex ?? octal)!, hex ? 16 : 8) & 0xff);
      return ESCAPES.get(other) ?? other;
    });
  return textOrBytes(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}

/** A string of Python 2: text or bytes. */
function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return bytes.slice();
  }
}

/** A number if it is one exactly. */
function integerOf(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Two's complement, the lowest byte first. */
function longOf(bytes: Uint8Array): number | bigint {
  if (bytes.byteLength === 0) return 0;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).reverse();
  const unsigned = BigInt(`0x${digits.join('')}`);
  return integerOf(BigInt.asIntN(8 * bytes.byteLength, unsigned));
}

function integerInText(machine: Machine, line: string): number | bigint | boolean {
  if (line === '00' || line === '01') return line === '01';
  if (!/^\s*[-+]?\d+L?\s*$/.test(line))
    throw machine.fault(say`expected a whole number, found ${quote(line)}`);
  return integerOf(BigInt(line.trim().replace(/L$/, '').replace(/^\+/, '')));
}

/** A value of so many bytes as `length` reads. */
const sized =
  (decode: (bytes: Uint8Array) => Value) =>
  (length: (input: PickleInput) => number): Operation =>
  (machine, input) =>
    withBytes(machine, input, length(input), (bytes) => machine.make(decode(bytes)));
const text = sized(decodeText);
const raw = sized((bytes) => bytes.slice());
const oldText = sized(textOrBytes);
const long = sized(longOf);
const line =
  (take: (machine: Machine, line: string) => void): Operation =>
  (machine, input) =>
    withLine(machine, input, (found) => take(machine, found));
/** Of text, which may hold a whole array's bytes. */
const longLine =
  (take: (machine: Machine, line: string) => void, decode: (bytes: Uint8Array) => string): Operation =>
  (machine, input) =>
    withLine(machine, input, (found) => take(machine, found), decode, Infinity);
const tuple =
  (count: number): Operation =>
  (machine) =>
    machine.make(new Tuple(machine.popMany(count)));
const refuse =
  (what: string): Operation =>
  (machine) => {
    throw machine.fault(say`${what} are not read`);
  };

const uint8 = (input: PickleInput) => input.uint8();
const uint32 = (input: PickleInput) => input.uint32();
const uint64 = (input: PickleInput) => input.uint64();

/** The names beside them are those of pickletools.py. */
const OPERATIONS: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  // Numbers, text and bytes
  [code('I'), line((machine, found) => machine.push(integerInText(machine, found)))], // INT
  [code('L'), line((machine, found) => machine.push(integerInText(machine, found)))], // LONG
  [code('F'), line((machine, found) => machine.push(Number(found)))], // FLOAT
  [code('S'), longLine((machine, found) => machine.make(unquoted(found)), latin1)], // STRING
  [code('V'), longLine((machine, found) => machine.make(found), unescapedUnicode)], // UNICODE
  [code('J'), (machine, input) => machine.push(input.int32())], // BININT
  [code('K'), (machine, input) => machine.push(input.uint8())], // BININT1
  [code('M'), (machine, input) => machine.push(input.uint16())], // BININT2
  [code('G'), (machine, input) => machine.push(input.float64())], // BINFLOAT
  [0x8a, long(uint8)], // LONG1
  [0x8b, long(uint32)], // LONG4
  [code('T'), oldText(uint32)], // BINSTRING
  [code('U'), oldText(uint8)], // SHORT_BINSTRING
  [code('X'), text(uint32)], // BINUNICODE
  [0x8c, text(uint8)], // SHORT_BINUNICODE
  [0x8d, text(uint64)], // BINUNICODE8
  [code('B'), raw(uint32)], // BINBYTES
  [code('C'), raw(uint8)], // SHORT_BINBYTES
  [0x8e, raw(uint64)], // BINBYTES8
  [0x96, raw(uint64)], // BYTEARRAY8
  [code('N'), (machine) => machine.push(null)], // NONE
  [0x88, (machine) => machine.push(true)], // NEWTRUE
  [0x89, (machine) => machine.push(false)], // NEWFALSE

  // Containers
  [code(']'), (machine) => machine.make(new List())], // EMPTY_LIST
  [code('}'), (machine) => machine.make(new Dict())], // EMPTY_DICT
  [code(')'), tuple(0)], // EMPTY_TUPLE
  [0x85, tuple(1)], // TUPLE1
  [0x86, tuple(2)], // TUPLE2
  [0x87, tuple(3)], // TUPLE3
  [0x8f, (machine) => machine.make(new SetOfValues())], // EMPTY_SET
  [code('t'), (machine) => machine.make(new Tuple(machine.popMark()))], // TUPLE
  [code('l'), (machine) => filled(machine, new List())], // LIST
  [0x91, (machine) => filled(machine, new SetOfValues())], // FROZENSET
  [code('d'), (machine) => filled(machine, new Dict())], // DICT
  [code('a'), (machine) => machine.append(machine.popMany(1))], // APPEND
  [code('e'), (machine) => machine.append(machine.popMark())], // APPENDS
  [0x90, (machine) => machine.append(machine.popMark())], // ADDITEMS
  [code('s'), (machine) => machine.setItems(machine.popMany(2))], // SETITEM
  [code('u'), (machine) => machine.setItems(machine.popMark())], // SETITEMS

  // The stack and the memo
  [code('('), (machine) => machine.mark()], // MARK
  [code('0'), (machine) => machine.drop()], // POP
  [code('1'), (machine) => void machine.popMark()], // POP_MARK
  [code('2'), (machine) => machine.push(machine.peek())], // DUP
  [code('g'), line((machine, found) => machine.recall(Number(found)))], // GET
  [code('h'), (machine, input) => machine.recall(input.uint8())], // BINGET
  [code('j'), (machine, input) => machine.recall(input.uint32())], // LONG_BINGET
  [code('p'), line((machine, found) => machine.memoize(Number(found)))], // PUT
  [code('q'), (machine, input) => machine.memoize(input.uint8())], // BINPUT
  [code('r'), (machine, input) => machine.memoize(input.uint32())], // LONG_BINPUT
  [0x94, (machine) => machine.memoize()], // MEMOIZE

  // Classes, functions and objects
  [code('c'), (machine, input) => withNames(machine, input, (module, name) => machine.global(module, name))], // GLOBAL
  [0x93, (machine) => withTwo(machine, (module, name) => machine.global(module, name))], // STACK_GLOBAL
  [code('R'), (machine) => withTwo(machine, (callee, args) => machine.call(callee, argumentsOf(args)))], // REDUCE
  [0x81, (machine) => withTwo(machine, (made, args) => machine.call(made, argumentsOf(args)))], // NEWOBJ
  [0x92, newObjectWithKeywords], // NEWOBJ_EX
  [code('b'), (machine) => machine.build()], // BUILD
  [code('i'), instance], // INST
  [code('o'), object], // OBJ
  [code('P'), line((machine, found) => void (machine.push(found), machine.persistent()))], // PERSID
  [code('Q'), (machine) => machine.persistent()], // BINPERSID

  // The pickle itself
  [0x80, (_, input) => void input.uint8()], // PROTO
  [0x95, (_, input) => void input.uint64()], // FRAME
  [0x82, refuse(say`classes by their numbers`)], // EXT1
  [0x83, refuse(say`classes by their numbers`)], // EXT2
  [0x84, refuse(say`classes by their numbers`)], // EXT4
  [0x97, refuse(say`bytes outside of the pickle`)], // NEXT_BUFFER
  [0x98, (machine) => void machine.peek()], // READONLY_BUFFER
]);

function code(character: string): number {
  return character.charCodeAt(0);
}

function filled(machine: Machine, container: List | SetOfValues | Dict): void {
  const items = machine.popMark();
  machine.make(container);
  if (container instanceof Dict) machine.setItems(items);
  else machine.append(items);
}

function withTwo<T>(machine: Machine, take: (first: Value, second: Value) => T): T {
  const [first, second] = machine.popMany(2);
  return take(first, second);
}

async function withNames(
  machine: Machine,
  input: PickleInput,
  take: (module: string, name: string) => void,
): Promise<void> {
  let module = '';
  await withLine(machine, input, (found) => (module = found));
  await withLine(machine, input, (found) => take(module, found));
}

function argumentsOf(args: Value): readonly Value[] {
  return args instanceof Tuple ? args.items : [];
}

function newObjectWithKeywords(machine: Machine): void | Promise<void> {
  const [made, args] = machine.popMany(3);
  return machine.call(made, argumentsOf(args));
}

async function instance(machine: Machine, input: PickleInput): Promise<void> {
  const args = machine.popMark();
  await withNames(machine, input, (module, name) => machine.global(module, name));
  await machine.call(machine.pop(), args);
}

function object(machine: Machine): void | Promise<void> {
  const [made, ...args] = machine.popMark();
  return machine.call(made ?? null, args);
}
