export { computesInEightBits, doubtOf } from './doubts';
export { pairsFor } from './pairs';
export type { Check, Verdict } from './verdict';
export { TOLERANCE, expectedOutput, verify } from './verify';
