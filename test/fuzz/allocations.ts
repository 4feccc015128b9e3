/** Notes the largest block of memory that is asked for, by making the constructors of blocks tell. */

const BLOCKS = [
  ...(['Float32Array', 'Float64Array', 'Uint8Array', 'Uint16Array', 'Uint32Array'] as const),
  ...(['Int8Array', 'Int16Array', 'Int32Array', 'BigInt64Array', 'BigUint64Array', 'ArrayBuffer'] as const),
];

let largest = 0;

/** To be called before anything else is loaded. */
export function watchAllocations(): void {
  const world = globalThis as unknown as Record<string, new (...args: unknown[]) => object>;
  for (const name of BLOCKS) {
    const known = world[name];
    const width = (known as unknown as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
    const told: typeof known = new Proxy(known, {
      construct(target, args: unknown[], newTarget) {
        if (typeof args[0] === 'number') largest = Math.max(largest, width * args[0]);
        return Reflect.construct(target, args, newTarget === told ? target : newTarget) as object;
      },
    });
    world[name] = told;
  }
}

/** In bytes, since the last call. */
export function largestAllocation(): number {
  const found = largest;
  largest = 0;
  return found;
}
