/** A heat map as a standalone SVG. */
import { css, type Theme } from '../colour/color';
import { createScale } from '../colour/scale';
import { SvgBrush, svgPress } from '../svgBrush';
import { titledSheet, TITLE_HEIGHT, type Sheet } from '../svgText';
import { drawChosen, drawPicture, drawStepNumbers, type Chosen } from './draw';
import type { Size } from './layout';
import { mapPicture, type MapSubject } from './picture';

/** Pixels of an image in one of the picture, so that it can be printed. */
const RATIO = 2;

/** @param chosen the line and the rows that are marked. */
export function heatmapSheet(
  title: string,
  subject: MapSubject,
  size: Size,
  theme: Theme,
  chosen: Chosen = { line: -1, range: null, found: null },
): Sheet {
  const surface = css(theme.background);
  const scale = createScale(theme);
  const picture = mapPicture(subject, size, scale, RATIO);
  const sheet = titledSheet({ ...size, height: size.height + TITLE_HEIGHT }, title, theme);
  const brush = new SvgBrush(sheet, TITLE_HEIGHT);
  const paint = { theme, scale, surface };
  drawPicture(brush, svgPress, picture, paint);
  drawStepNumbers(brush, picture, paint);
  drawChosen(brush, picture, chosen, paint);
  return sheet;
}
