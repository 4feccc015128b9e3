/** A heat map as a standalone SVG. */
import { css, type Theme } from '../colour/color';
import { createScale } from '../colour/scale';
import { SvgBrush, svgPress } from '../svgBrush';
import { titledSheet, TITLE_HEIGHT, type Sheet } from '../svgText';
import { words } from '../words';
import { axisOf, drawChosen, drawPicture, drawStepNumbers, showsTokens, type Chosen } from './draw';
import type { Size } from './layout';
import { mapPicture, type MapSubject } from './picture';

/** Pixels of an image in one of the picture, so that it can be printed. */
const RATIO = 2;
/** Of the numbers of steps below their tokens. */
const NUMBERS = 17;

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
  const below = showsTokens(picture) ? NUMBERS : 0;
  const whole = { ...size, height: size.height + TITLE_HEIGHT + below };
  const sheet = titledSheet(whole, { title, notes: [words.unitsFromZero] }, theme);
  const brush = new SvgBrush(sheet, TITLE_HEIGHT);
  const paint = { theme, scale, surface };
  drawPicture(brush, svgPress, picture, paint);
  drawStepNumbers(brush, picture, paint, axisOf(picture) + below);
  drawChosen(brush, picture, chosen, paint);
  return sheet;
}
