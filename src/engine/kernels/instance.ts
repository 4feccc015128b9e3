/** The compiled kernels. */
import { RELAXED_SIMD, SHARED_RELAXED_SIMD, SHARED_SIMD, SIMD } from './binaries';
import { KernelMemory, type WasmMemory } from './heap';

export type KernelChoice = 'relaxed' | 'simd';

type Projection = (
  panels: number,
  count: number,
  width: number,
  x: number,
  rows: number,
  bias: number,
  out: number,
) => void;

/** All sizes are counts, all others byte addresses; see assembly/kernels.ts and assembly/back.ts. */
export interface Kernels {
  multiply(panels: number, count: number, width: number, x: number, base: number, out: number): void;
  project: Projection;
  pickColumns: Projection;
  sigmoids(values: number, count: number): void;
  tanhs(values: number, count: number): void;
  rnn(...args: number[]): void;
  lstm(...args: number[]): void;
  gruAfter(...args: number[]): void;
  gruBefore(...args: number[]): void;
  scaledRows(rows: number, count: number, width: number, x: number, scales: number): void;
  rnnBack(...args: number[]): void;
  lstmBack(...args: number[]): void;
  gruBack(...args: number[]): void;
}

/** Kernels that two threads run on one memory; see assembly/parts.ts. */
export interface SharedKernels {
  reached(own: number, other: number, target: number, looks: number, milliseconds: number): number;
  project: Projection;
  pickColumns: Projection;
  recur(...args: number[]): number;
}

export type WasmModule = object;

/** What is used of WebAssembly, which the library of plain ECMAScript does not declare. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => WasmModule;
  Instance: new (module: WasmModule, imports: object) => { readonly exports: unknown };
};

/** One instance with its own memory. */
export class KernelInstance extends KernelMemory {
  readonly kernels: Kernels;

  constructor(choice: KernelChoice) {
    super(false);
    const binary = choice === 'relaxed' ? RELAXED_SIMD : SIMD;
    this.kernels = instantiate(moduleOf(binary), { memory: this.memory }) as Kernels;
  }
}

/** The kernels for two threads, which can be posted to a thread: what one has compiled well, the other has too. */
export function sharedModule(choice: KernelChoice): WasmModule {
  return moduleOf(sharedBinary(choice));
}

export function sharedKernels(module: WasmModule, memory: WasmMemory): SharedKernels {
  return instantiate(module, { memory, sleep: sleeper(memory) }) as SharedKernels;
}

function sleeper(memory: WasmMemory) {
  return (address: number, value: number, milliseconds: number): number => {
    const word = new Int32Array(memory.buffer, address, 1);
    return Number(Atomics.wait(word, 0, value, milliseconds) !== 'timed-out');
  };
}

/** Whether memories can be shared here, and the kernels for that run. */
export function sharingAvailable(choice: KernelChoice): boolean {
  return typeof SharedArrayBuffer === 'function' && WebAssembly.validate(bytesOf(sharedBinary(choice)));
}

function sharedBinary(choice: KernelChoice): string {
  return choice === 'relaxed' ? SHARED_RELAXED_SIMD : SHARED_SIMD;
}

function instantiate(module: WasmModule, env: object): unknown {
  return new WebAssembly.Instance(module, { env: { abort: () => undefined, ...env } }).exports;
}

const modules = new Map<string, WasmModule>();

function moduleOf(binary: string): WasmModule {
  const found = modules.get(binary) ?? new WebAssembly.Module(bytesOf(binary));
  modules.set(binary, found);
  return found;
}

function bytesOf(binary: string): Uint8Array {
  return Uint8Array.from(atob(binary), (char) => char.charCodeAt(0));
}

/** What this machine can run, best first. */
export function available(): KernelChoice[] {
  if (typeof WebAssembly !== 'object') return [];
  const runs = (binary: string) => WebAssembly.validate(bytesOf(binary));
  return [...(runs(RELAXED_SIMD) ? ['relaxed' as const] : []), ...(runs(SIMD) ? ['simd' as const] : [])];
}
