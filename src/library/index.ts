/**
 * Gatescope as a library: reads models, runs them, unrolls them, exports runs. Nothing of Node, VS Code or the DOM;
 * `gatescope/node` has what reads and writes files.
 */
export { FileError, type ByteSource, type Folder } from '../files/folder';

export { readModel } from '../model/read';
export { openSource } from '../model/open';
export {
  DEFAULT_LIMITS,
  type BinarySource,
  type Choice,
  type Reading,
  type Source,
  type TextSource,
} from '../model/dialects/dialect';
export type { Limits } from '../model/limits';
export type { Direction, Layer, Network, SignalAddress, StepAddress } from '../model/network';
export { SIGNALS } from '../model/network';
export { countParameters, parametersOf } from '../model/parameters';
export type { Problem } from '../model/problem';
export type { Sample, Sequence, TokenSequence, VectorSequence } from '../model/samples';
export { sequenceFromJson, sequenceFromText, type SequenceReading } from '../model/sequences';
export { openSequence } from '../model/sequences/file';
export { cutSequence, type StepRange } from '../model/sequences/window';
export { rowOfStep, stepOfRow } from '../model/time';
export type { Tensor, Weights } from '../model/weights';

export { run, type RunOptions } from '../engine/run';
export type { LayerTrace, SignalTrace, Trace } from '../engine/trace';
export { withInput } from '../engine/trace';
export { traceJson, type TraceOrigin } from '../engine/json';
export { signalAt, summarise, valuesAt, type RowValues, type TraceSummary } from '../engine/statistics';
export { Recording, record, type RecordOptions } from '../engine/recording/record';
export { isRecorded } from '../engine/recording/plan';
export { traceBytes } from '../engine/plan';
export { gradient, type Gradient, type GradientOptions } from '../engine/gradient';
export { memoryFigures } from '../engine/memory';
export { memoryInWords } from '../words/memory';
export { attribute, type Attribution, type AttributionOptions } from '../engine/attribution/attribute';
export { explainingRecording, explainingTrace } from '../engine/explain/ofRun';
export { generate, type Generated, type GenerateOptions } from '../engine/generate';
export { train, type Trained, type TrainOptions } from '../engine/train/train';
export { whatIf, ChangeError, type WhatIf } from '../whatIf/changes';
export { differencesOf, type Differences } from '../differences/differences';

export { unroll, type UnrolledGraph, type Window } from '../unroll/graph';
export { fenced, toMermaid } from '../unroll/mermaid';

export { FORMATS, formatOfFile } from '../export/formats';
export type { ExportedModel, ExportedRun, KeptRun, SignalChoice } from '../export/exported';
export type { Chunks, ExportOptions, Format, WriteOptions } from '../export/format';
export { signalChoice } from '../export/choice';
export { pythonOfRun } from '../export/python';
export { inEnglish, type Translate } from '../words/translate';
