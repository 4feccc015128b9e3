/** A short run of `npm run fuzz`, always the same. */
import assert from 'node:assert/strict';
import { findSeeds } from '../fuzz/seeds';
import { WAYS } from '../fuzz/spoil';
import { attempt, isRefusal, spoiltModel, type Spoilt } from '../fuzz/trial';

const SEED = 2026;
const ROUNDS = 15;
/** A flipped bit in a weight is no fault; most others are. */
const LEAST_FAULTY = 0.25;

const DIALECTS = [
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
];

const outcomeOf = (spoilt: Spoilt) =>
  attempt(spoilt).catch((error: unknown) => {
    if (isRefusal(error)) return 'problems';
    throw error;
  });

describe('spoilt files of every dialect', function () {
  this.timeout(120_000);

  it('give problems, never an exception', async () => {
    const seeds = await findSeeds();
    const groups = [...new Set(seeds.map(({ group }) => group))];
    for (const dialect of DIALECTS)
      assert.ok(
        groups.some((group) => group.startsWith(dialect)),
        dialect,
      );
    for (const group of groups) {
      const own = seeds.filter((seed) => seed.group === group);
      let faulty = 0;
      for (const way of Object.keys(WAYS)) {
        for (let round = 0; round < ROUNDS; round++) {
          const outcome = await outcomeOf(spoiltModel(own, way, round, SEED)).catch((error: Error) => {
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
