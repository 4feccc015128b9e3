/** Zoom and scroll, kept across hiding and reloading the panel. */
import type { Slice } from '../../slice';
import { FRAMINGS, type Viewpoint } from './contract';
import { record } from '../../../src/untrusted';

/** Zoom or scroll has changed. */
export interface Looked {
  readonly type: 'looked';
  readonly from: Viewpoint;
}

/** Null before there is a picture. */
export const slice: Slice<Viewpoint | null, Looked> = {
  restore: (kept) => (isViewpoint(kept) ? kept : null),
  keep: (viewpoint) => viewpoint,
  reduce: (viewpoint, action) => (action.type === 'looked' ? action.from : viewpoint),
};

function isViewpoint(value: unknown): value is Viewpoint {
  const { zoom, x, y, framing } = record(value);
  const known = FRAMINGS.some((one) => one === framing);
  return [zoom, x, y].every(Number.isFinite) && (zoom as number) > 0 && known;
}
