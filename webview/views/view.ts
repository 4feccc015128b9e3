/** A part of the panel: builds its DOM once, then brings it in line with the state, at most once a frame. */
import type { State } from '../state';

export interface View {
  readonly element: HTMLElement;
  render(state: State): void;
}

/** What the user can ask for that is not a change of the state: the host's and the diagram's part. */
export interface Commands {
  run(sample: string | null): void;
  pick(): void;
  cancel(): void;
  openSource(): void;
  chooseReading(): void;
  attachWeights(): void;
  copy(text: string): void;
  copyMermaid(): void;
  fit(): void;
  zoomBy(factor: number): void;
}
