/** The memory that the kernels work in. */

/** What is used of WebAssembly, which the library of plain ECMAScript does not declare. */
declare const WebAssembly: {
  Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => WasmMemory;
};

export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  grow(pages: number): void;
}

const PAGE = 65536;
/** 4 GB, the most that 32-bit addresses reach. */
const MOST_PAGES = 65536;
/** Below it the modules keep their constants. */
const FIRST_ADDRESS = 1024;
const ALIGNMENT = 64;

/** A memory from which nothing is given back: it goes when its owner goes. */
export class KernelMemory {
  readonly memory: WasmMemory;
  private view: Float32Array;
  private wideView: Float64Array;
  private next = FIRST_ADDRESS;

  /** Throws RangeError where there is no room for a shared memory. */
  constructor(shared: boolean) {
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared });
    this.view = new Float32Array(this.memory.buffer);
    this.wideView = new Float64Array(this.memory.buffer);
  }

  /** The whole memory as floats; stale after `take`. */
  get floats(): Float32Array {
    if (this.view.buffer !== this.memory.buffer) this.view = new Float32Array(this.memory.buffer);
    return this.view;
  }

  /** The same as doubles. */
  get doubles(): Float64Array {
    const { memory } = this;
    if (this.wideView.buffer !== memory.buffer) this.wideView = new Float64Array(memory.buffer);
    return this.wideView;
  }

  /** The address of `count` zeros, of floats. Throws RangeError where there is no memory left. */
  take(count: number): number {
    const address = this.next;
    this.next = Math.ceil((address + count * Float32Array.BYTES_PER_ELEMENT) / ALIGNMENT) * ALIGNMENT;
    const missing = this.next - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    return address;
  }
}
