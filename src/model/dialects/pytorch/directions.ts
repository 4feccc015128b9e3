/** Cells of one direction each that are the two of one layer, by their names. */
import type { Module, RecurrentModule } from './modules';

const FORWARD = /(^|[./_])(forward|fwd|fw)(?=$|[./_])/i;
const BACKWARD: Readonly<Record<string, string>> = { forward: 'backward', fwd: 'bwd', fw: 'bw' };

/** Cells called forward and backward that read the same, as one module of two directions. */
export function directionsTogether(modules: readonly Module[]): Module[] {
  const used = new Set<Module>();
  return modules
    .map((module) => {
      const twin = module.kind === 'recurrent' && module.cells ? twinOf(module, modules) : undefined;
      if (!twin) return module;
      used.add(twin);
      return together(module as RecurrentModule, twin);
    })
    .filter((module) => !used.has(module));
}

function twinOf({ prefix, type, inputSize, hiddenSize, bias }: RecurrentModule, modules: readonly Module[]) {
  if (!FORWARD.test(prefix)) return undefined;
  const name = prefix.replace(
    FORWARD,
    (_, before: string, word: string) => before + BACKWARD[word.toLowerCase()],
  );
  return modules.find(
    (other): other is RecurrentModule =>
      other.kind === 'recurrent' &&
      other.cells !== undefined &&
      other.prefix === name &&
      other.type === type &&
      other.inputSize === inputSize &&
      other.hiddenSize === hiddenSize &&
      other.bias === bias,
  );
}

function together(forward: RecurrentModule, backward: RecurrentModule): RecurrentModule {
  return {
    ...forward,
    prefix: nameOfBoth(forward.prefix),
    tensors: [...forward.tensors, ...backward.tensors],
    bidirectional: true,
    cells: [...forward.cells!, ...backward.cells!],
  };
}

/** Up to where the names differ; the forward one's where that leaves nothing. */
function nameOfBoth(prefix: string): string {
  const at = FORWARD.exec(prefix)!.index;
  return prefix.slice(0, at) || prefix;
}
