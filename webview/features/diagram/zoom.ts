/** How much the picture is magnified. */
import type { Size } from './geometry';

const MIN_ZOOM = 0.2;
const MAX_ZOOM = 4;
/** Fitting the whole never makes it smaller than can be read, nor blows it up. */
const MIN_FIT = 0.68;
const MAX_FIT = 1.3;
/** Where it must scroll one way, the other way need not fill the room. */
const MAX_SCROLLED_FIT = 0.9;

/** The zoom that shows the whole where it can be read then, else the whole width or height. */
export function fitZoom(room: Size, size: Size): number {
  const fits = [room.width / size.width, room.height / size.height];
  const whole = Math.min(...fits);
  if (whole >= MIN_FIT) return Math.min(MAX_FIT, whole);
  return Math.max(MIN_FIT, Math.min(MAX_SCROLLED_FIT, Math.max(...fits)));
}

export function clampZoom(zoom: number): number {
  return Number.isFinite(zoom) ? Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom)) : 1;
}
