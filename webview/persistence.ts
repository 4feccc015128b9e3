/** What the panel keeps across hiding and reloading, and how it is read back: nothing stored is trusted. */
import { FRESH, type Restored, type State } from './state';

/** Zoom and scroll, as `DiagramView.getView` gives them. */
export interface View {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
  readonly fitted: boolean;
}

export interface Persisted extends Restored {
  /** Zoom and scroll; null before there is a picture. */
  readonly view: View | null;
}

export function persisted(state: State, view: View | null): Persisted {
  const { sample, step, detail, unit, remembering } = state;
  return { sample, step, detail, unit, remembering, view };
}

/** Fields that are missing or of the wrong kind become those of a fresh panel. */
export function readPersisted(stored: unknown): Persisted {
  const fields = isRecord(stored) ? stored : {};
  return {
    sample: typeof fields.sample === 'string' ? fields.sample : FRESH.sample,
    step: isCount(fields.step) ? fields.step : FRESH.step,
    detail: fields.detail === 'cells' || fields.detail === 'gates' ? fields.detail : FRESH.detail,
    unit: isCount(fields.unit) ? fields.unit : FRESH.unit,
    remembering: fields.remembering === true,
    view: isView(fields.view) ? fields.view : null,
  };
}

function isView(value: unknown): value is View {
  if (!isRecord(value)) return false;
  const { zoom, x, y, fitted } = value;
  return [zoom, x, y].every(Number.isFinite) && (zoom as number) > 0 && typeof fitted === 'boolean';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
