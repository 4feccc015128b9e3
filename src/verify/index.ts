export { doubtOf } from './doubts';
export { pairsFor } from './pairs';
export { TOLERANCE, verify, type Check, type Verdict } from './verify';
export { causeSentence, checkLine, verdictJson, verdictSentence } from './words';
