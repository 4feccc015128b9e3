/** What a canvas does in its own way. */
import type { Pixels, Press } from '../../src/picture/brush';

const drawn = new WeakMap<Pixels, HTMLCanvasElement>();

export const canvasPress: Press<CanvasRenderingContext2D> = {
  image(context, image, { first, size }, to) {
    context.imageSmoothingEnabled = false;
    context.drawImage(
      canvasOf(image),
      ...([0, first, image.width, size] as const),
      ...([to.left, to.top, to.width, to.height] as const),
    );
  },
  hatch(context, pitch, behind, lines) {
    const tile = document.createElement('canvas');
    tile.width = tile.height = pitch;
    const strokes = tile.getContext('2d')!;
    strokes.fillStyle = behind;
    strokes.fillRect(0, 0, pitch, pitch);
    strokes.strokeStyle = lines;
    strokes.beginPath();
    for (const shift of [-pitch, 0, pitch]) {
      strokes.moveTo(shift, pitch);
      strokes.lineTo(shift + pitch, 0);
    }
    strokes.stroke();
    return context.createPattern(tile, 'repeat')!;
  },
};

function canvasOf(image: Pixels): HTMLCanvasElement {
  const known = drawn.get(image);
  if (known) return known;
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  const data = new ImageData(new Uint8ClampedArray(image.pixels.buffer as ArrayBuffer), image.width);
  canvas.getContext('2d')!.putImageData(data, 0, 0);
  drawn.set(image, canvas);
  return canvas;
}
