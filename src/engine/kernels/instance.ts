/** The compiled kernels and the memory that they work in. */
import { RELAXED_SIMD, SIMD } from './binaries';

export type KernelChoice = 'relaxed' | 'simd';

/** All sizes are counts, all others byte addresses; see assembly/kernels.ts. */
export interface Kernels {
  multiply(panels: number, count: number, width: number, x: number, base: number, out: number): void;
  project(
    panels: number,
    count: number,
    width: number,
    x: number,
    rows: number,
    bias: number,
    out: number,
  ): void;
  pickColumn(panels: number, count: number, width: number, id: number, bias: number, out: number): void;
  sigmoids(values: number, count: number): void;
  tanhs(values: number, count: number): void;
  rnn(...args: number[]): void;
  lstm(...args: number[]): void;
  gruAfter(...args: number[]): void;
  gruBefore(...args: number[]): void;
}

/** What is used of WebAssembly, which the library of plain ECMAScript does not declare. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
  Memory: new (limits: { initial: number; maximum: number }) => WasmMemory;
};

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): void;
}

const PAGE = 65536;
/** 4 GB, the most that 32-bit addresses reach. */
const MOST_PAGES = 65536;
/** Below it the module keeps its constants. */
const FIRST_ADDRESS = 1024;
const ALIGNMENT = 64;

/** One instance with its own memory, from which nothing is given back: it goes when its owner goes. */
export class KernelInstance {
  readonly kernels: Kernels;
  private readonly memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES });
  private view = new Float32Array(this.memory.buffer);
  private next = FIRST_ADDRESS;

  constructor(choice: KernelChoice) {
    const imports = { env: { memory: this.memory, abort: () => undefined } };
    this.kernels = new WebAssembly.Instance(moduleOf(choice), imports).exports as Kernels;
  }

  /** The whole memory as floats; stale after `take`. */
  get floats(): Float32Array {
    if (this.view.buffer !== this.memory.buffer) this.view = new Float32Array(this.memory.buffer);
    return this.view;
  }

  /** The address of `count` zeros. Throws RangeError where there is no memory left. */
  take(count: number): number {
    const address = this.next;
    this.next = Math.ceil((address + count * Float32Array.BYTES_PER_ELEMENT) / ALIGNMENT) * ALIGNMENT;
    const missing = this.next - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    return address;
  }
}

const modules = new Map<KernelChoice, object>();

function moduleOf(choice: KernelChoice): object {
  const found = modules.get(choice) ?? new WebAssembly.Module(bytesOf(choice));
  modules.set(choice, found);
  return found;
}

function bytesOf(choice: KernelChoice): Uint8Array {
  return Uint8Array.from(atob(choice === 'relaxed' ? RELAXED_SIMD : SIMD), (char) => char.charCodeAt(0));
}

/** What this machine can run, best first. */
export function available(): KernelChoice[] {
  if (typeof WebAssembly !== 'object') return [];
  return (['relaxed', 'simd'] as const).filter((choice) => WebAssembly.validate(bytesOf(choice)));
}
