/** How much the picture is magnified. */
import type { Size } from '../../../src/picture/diagram/spacing';

const MIN_ZOOM = 0.2;
const MAX_ZOOM = 4;
/** A picture smaller than the room is not blown up. */
const MAX_FIT = 1.3;
/** Whatever the picture, something of it is seen. */
const MIN_FIT = 0.02;

/** The zoom at which a picture is read: it fills the room where it fits; where it does not, it scrolls unshrunk. */
export function readingZoom(room: Size, size: Size): number {
  return Math.max(1, fitZoom(room, size));
}

/** The zoom at which the whole picture is in the room. */
export function fitZoom(room: Size, size: Size): number {
  const whole = Math.min(room.width / size.width, room.height / size.height);
  return Math.max(MIN_FIT, Math.min(MAX_FIT, whole));
}

export function clampZoom(zoom: number): number {
  return Number.isFinite(zoom) ? Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom)) : 1;
}
