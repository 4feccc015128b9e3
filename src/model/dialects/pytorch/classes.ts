/** What the classes of a module that was pickled whole say, and its tensors alone do not. */
import { gapBetween } from '../../gaps';
import type { PickledModule } from '../../tensors/pickle/stateDict';
import type { Place } from './activations';
import type { Hyperparameters } from './hyperparameters';
import type { Module } from './modules';

/** By the names before their tensors' own. */
export type Classes = ReadonlyMap<string, PickledModule>;

export const NO_CLASSES: Classes = new Map();

/** An RNN with the nonlinearity that its class says, or the hyperparameters of the whole model. */
export function asTold(module: Module, classes: Classes, hyperparameters?: Hyperparameters): Module {
  const said = hyperparameters?.values.get('nonlinearity');
  const ofModel = said === 'tanh' || said === 'relu' ? said : undefined;
  const nonlinearity = nonlinearityOf(classes.get(module.prefix)) ?? ofModel;
  return module.kind === 'recurrent' && nonlinearity ? { ...module, nonlinearity } : module;
}

/** The user's choices, and the activations that the classes tell where the user chose none; `taken` as of `placesOf`. */
export function withTold(
  choices: readonly string[],
  places: readonly Place[],
  classes: Classes,
  taken: readonly string[],
): readonly string[] {
  const open = places.filter(({ after, ways }) => !ways.some(([way]) => choices.includes(`${after}=${way}`)));
  return [...choices, ...activationsTold(open, classes, taken)];
}

/** Of nn.RNN (`mode`: torch/nn/modules/rnn.py) and nn.RNNCell. */
function nonlinearityOf(module: PickledModule | undefined): 'tanh' | 'relu' | undefined {
  const said = module?.settings.get('mode') ?? module?.settings.get('nonlinearity');
  if (said === 'RNN_TANH' || said === 'tanh') return 'tanh';
  return said === 'RNN_RELU' || said === 'relu' ? 'relu' : undefined;
}

/** PyTorch's modules without parameters that change nothing when running. */
const PASSING = ['Dropout', 'Dropout1d', 'AlphaDropout', 'FeatureAlphaDropout', 'Identity'];

/** Their values among the ways of a place, and the setting that these take for granted. */
const ACTIVATIONS: Readonly<Record<string, readonly [value: string, setting?: string, expected?: number]>> = {
  ReLU: ['relu'],
  Tanh: ['tanh'],
  Sigmoid: ['sigmoid'],
  LeakyReLU: ['leaky_relu', 'negative_slope', 0.01],
  ELU: ['elu', 'alpha', 1],
  SELU: ['selu'],
  Softplus: ['softplus', 'beta', 1],
  Softmax: ['softmax', 'dim', -1],
  LogSoftmax: ['log_softmax', 'dim', -1],
};

/** The choices that the modules of a Sequential make, for places of which they tell. */
function activationsTold(places: readonly Place[], classes: Classes, taken: readonly string[]): string[] {
  return places.flatMap((place) => {
    const between = modulesBehind(place, classes, taken)?.filter(([name]) => !PASSING.includes(name));
    if (!between || between.length > 1) return [];
    const [only] = between;
    const value = only ? valueOf(...only) : 'none';
    return value !== undefined && place.ways.some(([way]) => way === value)
      ? [`${place.after}=${value}`]
      : [];
  });
}

/** Those without parameters; undefined if it is no Sequential that holds them, or any is not PyTorch's own. */
function modulesBehind(
  { after, before }: Place,
  classes: Classes,
  taken: readonly string[],
): (readonly [name: string, module: PickledModule])[] | undefined {
  const gap = before === undefined ? rest(after, classes) : gapBetween(after, before, taken);
  if (!gap || nameOf(classes.get(gap.of)) !== 'Sequential') return undefined;
  const found = gap.numbers.map((number) =>
    classes.get(gap.of === '' ? String(number) : `${gap.of}.${number}`),
  );
  const named = found.flatMap((module) => {
    const name = nameOf(module);
    return module && name !== undefined ? [[name, module] as const] : [];
  });
  return named.length === found.length ? named : undefined;
}

/** The numbers behind the last module with tensors. */
function rest(
  after: string,
  classes: Classes,
): { readonly of: string; readonly numbers: number[] } | undefined {
  const [, of = '', number] = /^(?:(.*)\.)?(\d{1,4})$/s.exec(after) ?? [];
  if (number === undefined) return undefined;
  const numbers: number[] = [];
  for (let k = Number(number) + 1; classes.has(of === '' ? String(k) : `${of}.${k}`); k++) numbers.push(k);
  return { of, numbers };
}

/** Of PyTorch's own; TorchScript puts names of its own before it. */
function nameOf(module: PickledModule | undefined): string | undefined {
  return /^(?:__torch__\.)?torch\.nn\.modules\..*?(\w+)$/.exec(module?.class ?? '')?.[1];
}

function valueOf(name: string, { settings }: PickledModule): string | undefined {
  const [value, setting, expected] = Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : [];
  return setting === undefined || settings.get(setting) === expected ? value : undefined;
}
