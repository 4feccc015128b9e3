/** What changed from one version of Keras to the next, as its files do not always say. */
import { say } from '../../../words/say';
import { HARD_SIGMOID_02, HARD_SIGMOID_6TH, type UnitActivation } from '../../network';

/** What a version computes where the file leaves it open. */
export interface Conventions {
  /** As the footer shows it: `Keras 2.1.4`. */
  readonly title: string;
  /** What `hard_sigmoid` means. */
  readonly hardSigmoid: UnitActivation;
  readonly recurrentActivation: 'sigmoid' | 'hard_sigmoid';
  readonly resetAfter: boolean;
  /** What Bidirectional passes on at masked steps, with `return_sequences`. */
  readonly maskedInBidirectional: 'hold' | 'zeros';
  /** What is passed on at masked steps before any other: the initial state, or zeros. */
  readonly maskedAtFirst: 'hold' | 'zeros';
  /** Which steps Add, Concatenate, … mask: as `MergeLayer.masked`, with `any` in its absence. */
  readonly maskedInMerges: 'any' | 'every' | 'none';
  /** Theano turned the kernels of convolutions round. */
  readonly flippedKernels: boolean;
  /** Whether the version is guessed by the file's form; Keras 3 never writes it, but has a form of its own. */
  readonly assumed: boolean;
  /** TensorFlow.js throws on `reset_after`, and means count masked steps. */
  readonly tensorflowJs?: boolean;
}

/** What a file's form tells of its version where it does not say it. */
export type Form = '1' | '2' | '2.13' | '3' | 'tensorflow';

const STANDALONE = {
  hardSigmoid: HARD_SIGMOID_02,
  recurrentActivation: 'hard_sigmoid',
  resetAfter: false,
  maskedInBidirectional: 'hold',
  maskedAtFirst: 'hold',
  maskedInMerges: 'any',
} as const;
const TF_KERAS = {
  hardSigmoid: HARD_SIGMOID_02,
  recurrentActivation: 'sigmoid',
  resetAfter: true,
  maskedInBidirectional: 'zeros',
  maskedAtFirst: 'zeros',
  maskedInMerges: 'any',
} as const;
const TENSORFLOW_JS: Conventions = {
  ...STANDALONE,
  title: 'TensorFlow.js layers',
  flippedKernels: false,
  assumed: false,
  tensorflowJs: true,
};
const KERAS_3 = { ...TF_KERAS, hardSigmoid: HARD_SIGMOID_6TH, maskedInMerges: 'every' } as const;
/** Of Keras 3, whose layers that read several tensors lost their masks (keras-team/keras #19685). */
const LAST_MINOR_WITHOUT_MERGED_MASKS = 3;

/** What TensorFlow.js computes, whatever version of Keras the file was made with. */
export function conventionsOfTensorflowJs(version: string | undefined): Conventions {
  const converted = version !== undefined && !version.startsWith('tfjs');
  const from = converted ? say` from Keras ${version.slice(0, 20)}` : '';
  return { ...TENSORFLOW_JS, title: TENSORFLOW_JS.title + from };
}

/**
 * The defaults of each version (git tags of keras-team/keras; tensorflow/python/keras for `-tf`). `version` is the file's
 * `keras_version`; from 2.4 on Keras is tf.keras.
 */
export function conventionsOf(version: string | undefined, form: Form, backend?: string): Conventions {
  const flippedKernels = backend === 'theano';
  const rest = { flippedKernels, assumed: version === undefined && form !== '3' };
  if (version?.startsWith('tfjs')) return TENSORFLOW_JS;
  const numbers = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version ?? '');
  if (!numbers) return { ...ofForm(form), ...rest };
  const [major, minor, patch] = numbers.slice(1).map((part) => Number(part ?? 0));
  const title = `Keras ${version?.slice(0, 20)}`;
  if (major >= 3) {
    const none = major === 3 && minor <= LAST_MINOR_WITHOUT_MERGED_MASKS;
    return { ...KERAS_3, ...rest, title, ...(none && { maskedInMerges: 'none' as const }) };
  }
  if (major < 2) return { ...STANDALONE, ...rest, title };
  if (version?.includes('-tf')) {
    const v2 = minor > 2 || (minor === 2 && patch >= 4);
    const defaults = v2 ? TF_KERAS : STANDALONE;
    return { ...defaults, ...rest, title: `tf.keras ${version.slice(0, 20)}` };
  }
  if (minor >= 4) return { ...TF_KERAS, ...rest, title };
  return { ...STANDALONE, ...rest, title, ...(minor === 3 && { recurrentActivation: 'sigmoid' as const }) };
}

function ofForm(form: Form): Pick<Conventions, keyof typeof STANDALONE | 'title'> {
  switch (form) {
    case '1':
      return { ...STANDALONE, title: say`Keras 1 (by its form)` };
    case '2':
      return { ...STANDALONE, title: say`Keras 2 (by its form)` };
    case '2.13':
      return { ...TF_KERAS, title: say`Keras 2.13 – 2.15 (by its form)` };
    case '3':
      return { ...KERAS_3, title: 'Keras 3' };
    case 'tensorflow':
      return { ...TF_KERAS, title: say`TensorFlow checkpoint` };
  }
}
