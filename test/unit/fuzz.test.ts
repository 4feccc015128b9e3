/** A short run of `npm run fuzz`, always the same. */
import assert from 'node:assert/strict';
import { findKinds, type Kind } from '../fuzz/kinds';
import { WAYS } from '../fuzz/spoil';
import { isRefusal, spoiltModel, type Spoilt } from '../fuzz/trial';

const SEED = 2026;
const ROUNDS = 15;
/** A flipped bit in a weight is no fault; most others are. */
const LEAST_FAULTY = 0.25;

const KINDS = [
  'native',
  'pytorch',
  'guitarml',
  'rtneural',
  'nam',
  'brainjs',
  'ml5',
  'tfjs',
  'keras',
  'onnx',
  'tflite',
  'sequence',
  'messages',
];

const outcomeOf = ({ attempt }: Kind, spoilt: Spoilt) =>
  attempt(spoilt).catch((error: unknown) => {
    if (isRefusal(error)) return 'problems';
    throw error;
  });

describe('spoilt models, sequences and messages', function () {
  this.timeout(120_000);

  it('give problems, never an exception', async () => {
    const kinds = await findKinds();
    const groups = kinds.map(({ group }) => group);
    for (const dialect of KINDS)
      assert.ok(
        groups.some((group) => group.startsWith(dialect)),
        dialect,
      );
    for (const kind of kinds) {
      const { group, seeds: own } = kind;
      let faulty = 0;
      for (const way of Object.keys(WAYS)) {
        for (let round = 0; round < ROUNDS; round++) {
          const outcome = await outcomeOf(kind, spoiltModel(own, way, round, SEED)).catch((error: Error) => {
            throw new Error(`${group}, ${way}, round ${round}, seed ${SEED}: ${error.message}`, {
              cause: error,
            });
          });
          if (outcome === 'problems') faulty++;
        }
      }
      const tried = ROUNDS * Object.keys(WAYS).length;
      assert.ok(faulty > LEAST_FAULTY * tried, `${group}: only ${faulty} of ${tried} had problems`);
    }
  });
});
