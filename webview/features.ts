/** What the panel is put together from: a line each. */
export { toolbar } from './features/toolbar';
export { whatIf } from './features/whatIf';
export { banner } from './features/banner';
export { generated } from './features/generated';
export { diagram } from './features/diagram';
export { status } from './features/status';
export { progress } from './features/progress';
export { overview } from './features/overview';
export { card } from './features/card';
export { heatmap } from './features/heatmap';
export { output } from './features/output';
export { differences } from './features/differences';
export { explain } from './features/explain';
export { memory } from './features/memory';
export { attribution } from './features/attribution';
export { footer } from './features/footer';
export { playhead } from './features/playhead';
