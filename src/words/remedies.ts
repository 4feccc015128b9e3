/** What would make a model match, in words that end a sentence: `with the gates in ONNX's order i, o, f, c`. */
import type { Activation } from '../model/layer';
import type { Remedy, Undone } from '../verify/remedy';
import type { Translate } from './translate';
import { translated } from './translated';

const words = translated({
  and: '{0} and {1}',
  inLayer: '{0} in {1}',
  order: 'with the gates in the order {0}',
  orderOf: "with the gates in {0}'s order {1}",
  orderOfTwo: "with the gates in {0}'s and {1}'s order {2}",
  updateGate: 'with an update gate of the other sense, h = (1 − z)∘h₋₁ + z∘n',
  transposed: "with each gate's recurrent matrix transposed",
  resetBefore: 'with the reset gate before the matrix product (reset_after: false)',
  resetAfter: 'with the reset gate after the matrix product (reset_after: true)',
  inGates: {
    sigmoid: 'with sigmoid in the gates',
    'hard-sigmoid-0.2': "with Keras 2's hard sigmoid 0.2x + 0.5 in the gates",
    'hard-sigmoid-1/6': "with Keras 3's and PyTorch's hard sigmoid x/6 + 0.5 in the gates",
  },
  cellActivation: "with {0} as the cell's activation",
  nonlinearity: "with {0} as the RNN's nonlinearity",
  noNonlinearity: "without the RNN's nonlinearity",
  biases: {
    summed: "with the candidate's two biases summed outside the reset gate",
    'without-bias_ih': 'without bias_ih: one bias alone',
    'without-bias_hh': 'without bias_hh: one bias alone',
  },
  forgetBias: {
    added: 'with {0} added to the forget gate',
    'left-out': 'without the {0} that is added to the forget gate',
    taken: 'with {0} taken from the forget gate',
  },
  forgetGate: {
    cell: 'with a forget gate that multiplies the cell state',
    output: "with a forget gate that multiplies the previous output, as brain.js's does",
  },
  directionsMerged: 'with its two directions merged by {0}',
  directionsExchanged: "with the two directions' weights exchanged",
  reversed: {
    input: 'with the input turned round in time',
    output: 'with the output turned round in time',
    'output-back': 'with the output in the order of the steps',
  },
  allSteps: "with every step's output (return_sequences: true)",
  finalStep: 'with the final output alone (return_sequences: false)',
  pooledAtEnd: {
    average: 'with the mean of all steps at the end',
    max: 'with the maximum of all steps at the end',
  },
  pooledBefore: {
    average: 'with the mean of all steps before {0}',
    max: 'with the maximum of all steps before {0}',
  },
  pooledIn: {
    average: 'with the mean of all steps in {0}',
    max: 'with the maximum of all steps in {0}',
    last: 'with the last step in {0}',
  },
  withoutActivation: 'without the {0} of the last layer',
  activationAtEnd: 'with {0} after the last layer',
  activationInPlace: 'with {0} in place of {1}',
  activationAfter: 'with {0} after {1}',
  activationBetween: 'with {0} {1}',
  between: 'between {0} and {1}',
  skip: 'with the input added to the output',
  noSkip: 'without adding the input to the output',
  levelsExchanged: 'with the weights of levels {0} and {1} of {2} exchanged',
  layersExchanged: 'with the weights of {0} and {1} exchanged',
  rounded: 'with the weights rounded to {0}',
  mask: 'with the steps of token 0 masked (mask_zero: true)',
  noMask: 'without a mask of the steps of token 0 (mask_zero: false)',
});

export function remedyInWords({ remedies, layer }: Undone, translate: Translate): string {
  const clauses = remedies.map((remedy) => clause(remedy, translate));
  const all = clauses.reduce((one, other) => translate(words.and, one, other));
  return layer === undefined ? all : translate(words.inLayer, all, quoted(layer));
}

function clause(remedy: Remedy, translate: Translate): string {
  switch (remedy.cause) {
    case 'gate-order':
      return gateOrder([...remedy.order].join(', '), remedy.programs, translate);
    case 'update-gate':
      return translate(words.updateGate);
    case 'transposed':
      return translate(words.transposed);
    case 'reset-placement':
      return translate(remedy.resetAfter ? words.resetAfter : words.resetBefore);
    case 'gate-activation':
      return translate(words.inGates[remedy.activation]);
    case 'activation':
      if (remedy.of === 'cell') return translate(words.cellActivation, remedy.activation);
      return remedy.activation === 'none'
        ? translate(words.noNonlinearity)
        : translate(words.nonlinearity, remedy.activation);
    case 'biases':
      return translate(words.biases[remedy.change]);
    case 'forget-bias':
      return translate(words.forgetBias[remedy.change], remedy.by);
    case 'forget-gate':
      return translate(words.forgetGate[remedy.keeps]);
    case 'directions':
      return remedy.change === 'exchanged'
        ? translate(words.directionsExchanged)
        : translate(words.directionsMerged, remedy.change);
    case 'reversed':
      return translate(words.reversed[remedy.change]);
    case 'steps':
      if ('layer' in remedy) return translate(words.pooledIn[remedy.change], quoted(remedy.layer));
      if (!('before' in remedy)) return translate(remedy.change === 'all' ? words.allSteps : words.finalStep);
      return remedy.before === null
        ? translate(words.pooledAtEnd[remedy.change])
        : translate(words.pooledBefore[remedy.change], quoted(remedy.before));
    case 'output-activation': {
      const { activation, before } = remedy;
      if (activation === 'none') return translate(words.withoutActivation, nameOf(before));
      return before === 'none'
        ? translate(words.activationAtEnd, nameOf(activation))
        : translate(words.activationInPlace, nameOf(activation), nameOf(before));
    }
    case 'hidden-activation': {
      const name = nameOf(remedy.activation);
      if ('after' in remedy)
        return translate(words.activationAfter, name, remedy.after.map(quoted).join(', '));
      const places = remedy.between.map(([one, other]) =>
        translate(words.between, quoted(one), quoted(other)),
      );
      const where = places.reduce((one, other) => translate(words.and, one, other));
      return translate(words.activationBetween, name, where);
    }
    case 'skip':
      return translate(remedy.added ? words.skip : words.noSkip);
    case 'exchanged':
      return 'levels' in remedy
        ? translate(words.levelsExchanged, ...remedy.levels, quoted(remedy.layer))
        : translate(words.layersExchanged, ...(remedy.layers.map(quoted) as [string, string]));
    case 'precision':
      return translate(words.rounded, remedy.precision);
    case 'mask':
      return translate(remedy.maskZero ? words.mask : words.noMask);
  }
}

function gateOrder(letters: string, [one, other]: readonly string[], translate: Translate): string {
  if (one === undefined) return translate(words.order, letters);
  return other === undefined
    ? translate(words.orderOf, one, letters)
    : translate(words.orderOfTwo, one, other, letters);
}

function nameOf(activation: Activation): string {
  return (typeof activation === 'string' ? activation : activation.kind).replace('_', ' ');
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
