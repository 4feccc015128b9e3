/** What a plain RNN uses, where the file does not say: the likely is taken, and another can be chosen. */
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import type { Choice } from '../dialect';
import type { Module, RecurrentModule } from './modules';

/** Cells written by hand may have none, as that of PyTorch's first tutorial on names (`hidden = self.i2h(combined)`). */
type Nonlinearity = NonNullable<RecurrentModule['nonlinearity']>;

/** Whether the file leaves open what a module uses. */
export function isOpenRnn(module: Module): module is RecurrentModule {
  return (
    module.kind === 'recurrent' &&
    module.type === 'rnn' &&
    (module.cells ?? []).every(({ written }) => written === 'hand') &&
    !module.nonlinearity
  );
}

/** Of modules as the file tells them. */
export function nonlinearityChoices(modules: readonly Module[]): Choice[] {
  return modules.filter(isOpenRnn).flatMap((module) =>
    waysOf(module).map((way) => ({
      kind: `argument ${titleOf(module)}` as const,
      value: valueOf(module, way),
      label: `${quote(nameOf(module))}: ${inWords(way)}`,
    })),
  );
}

/** The module with the nonlinearity that was chosen, if one was. */
export function withNonlinearity(module: Module, chosen: readonly string[]): Module {
  if (!isOpenRnn(module)) return module;
  const nonlinearity = waysOf(module).find((way) => chosen.includes(valueOf(module, way)));
  return nonlinearity ? { ...module, nonlinearity } : module;
}

/** What is taken where nobody chose. */
export function takenNonlinearity(module: RecurrentModule): string {
  return inWords(waysOf(module)[0]);
}

function inWords(way: Nonlinearity): string {
  return way === 'none' ? say`no nonlinearity` : way;
}

/** How another is chosen, in words. */
export function otherNonlinearity(module: RecurrentModule): string {
  return say`choose otherwise as ${quote(valueOf(module, waysOf(module)[1]))}`;
}

function waysOf({ cells }: RecurrentModule): readonly Nonlinearity[] {
  if (!cells) return ['tanh', 'relu'];
  return cells[0].nonlinearity === 'none' ? ['none', 'tanh', 'relu'] : ['tanh', 'relu', 'none'];
}

function valueOf(module: RecurrentModule, way: Nonlinearity): string {
  return `${titleOf(module)}=${way}`;
}

function titleOf(module: RecurrentModule): string {
  return `${nameOf(module)}.nonlinearity`;
}

/** Its layer's, where no other has the same. */
function nameOf({ prefix }: RecurrentModule): string {
  return prefix || 'rnn';
}
