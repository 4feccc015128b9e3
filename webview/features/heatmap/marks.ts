/**
 * What follows the playhead, the window and the keyboard: elements over the canvases, so that to move them draws
 * nothing anew.
 */
import { css, isHighContrast } from '../../../src/picture/colour/color';
import { h, setText } from '../../ui/dom';
import { formatCount } from '../../../src/picture/format';
import {
  LETTER,
  axisOf,
  fitToken,
  middleOf,
  middleOfRow,
  showsTokens,
  STEP_ROOM,
  stepNumbers,
  span,
  type MapPicture,
  type Marks,
  type Paint,
} from '../../../src/picture/heatmap/draw';

export interface MovingMarks {
  readonly element: HTMLElement;
  /** Another picture, or none. */
  show(picture: MapPicture | null, paint: Paint): void;
  /** Over the picture that is shown. */
  move(marks: Marks): void;
}

/** The number of a step under the cells. */
interface Step {
  readonly x: number;
  readonly label: HTMLElement;
}

const STEP_HEIGHT = 16;
/** Marks reach so far out of the cells. */
const BRIM = 3;

export function createMarks(): MovingMarks {
  const frame = h('div', { class: 'heatmap-window' });
  const playhead = h('div', { class: 'heatmap-playhead' });
  const cursor = h('div', { class: 'heatmap-cursor' });
  const over = h('div', { class: 'heatmap-over' }, frame, playhead, cursor);
  const axis = h('div');
  const here = h('div', { class: 'heatmap-here' });
  const element = h('div', { class: 'heatmap-marks', 'aria-hidden': 'true', hidden: true }, over, axis, here);
  let steps: readonly Step[] = [];
  let picture: MapPicture | null = null;

  function moveWindow({ columns }: MapPicture, window: Marks['window']): void {
    frame.hidden = window === null;
    if (!window) return;
    const [left, width] = span(columns, window);
    // Its ends are out of sight, however long it is.
    const from = Math.max(left, columns.left - 2 * BRIM);
    const to = Math.min(left + width, columns.right + 2 * BRIM);
    put(frame, from - columns.left + BRIM, Math.max(0, to - from));
  }

  function movePlayhead(shown: MapPicture, row: number): void {
    const { columns } = shown;
    const isSeen = row >= columns.from && row < columns.to;
    playhead.hidden = here.hidden = !isSeen;
    const middle = middleOfRow(columns, row);
    let free = 0;
    if (isSeen) {
      const width = Math.max(BRIM, columns.width);
      put(playhead, middle - width / 2 - columns.left + BRIM, width);
      const token = showsTokens(shown);
      const text = token ? fitToken(shown.tokenAt!(row), columns.width) : numberOf(shown, row);
      const room = token ? columns.width : text.length * LETTER + 10;
      setText(here, text);
      put(here, middle - room / 2, room);
      free = (STEP_ROOM + room) / 2 - 6;
    }
    for (const { x, label } of steps) label.hidden = Math.abs(x - middle) < free;
  }

  function moveCursor({ columns, lines }: MapPicture, spot: Marks['cursor']): void {
    cursor.hidden = spot === null;
    if (!spot) return;
    const height = Math.max(6, lines.height) + 4;
    const width = Math.max(6, columns.width) + 4;
    put(cursor, middleOfRow(columns, spot.row) - width / 2 - columns.left + BRIM, width);
    cursor.style.height = `${height}px`;
    cursor.style.top = `${middleOf(lines, spot.line) - height / 2}px`;
  }

  return {
    element,
    show(next, paint) {
      picture = next;
      element.hidden = next === null;
      if (!next) return;
      colour(element, paint);
      const { columns, lines, frame: room } = next;
      const height = lines.bottom - room.top + 4;
      put(over, columns.left - BRIM, columns.right - columns.left + 2 * BRIM);
      over.style.height = `${lines.bottom + BRIM}px`;
      for (const one of [frame, playhead]) {
        one.style.top = `${room.top - 2}px`;
        one.style.height = `${height}px`;
      }
      playhead.classList.toggle('thin', columns.width < BRIM);
      here.classList.toggle('token', showsTokens(next));
      here.style.top = axis.style.top = `${axisOf(next) - STEP_HEIGHT / 2}px`;
      steps = stepsOf(next);
      axis.replaceChildren(...steps.map(({ label }) => label));
    },
    move(marks) {
      if (!picture) return;
      moveWindow(picture, marks.window);
      movePlayhead(picture, marks.playhead);
      moveCursor(picture, marks.cursor);
    },
  };
}

/** Only across: that moves it without laying anything out. */
function put({ style }: HTMLElement, left: number, width: number): void {
  style.transform = `translateX(${left}px)`;
  style.width = `${width}px`;
}

function numberOf({ numberOf: count }: MapPicture, row: number): string {
  return formatCount(count(row));
}

function stepsOf(picture: MapPicture): Step[] {
  return stepNumbers(picture).map(({ x, text }) => {
    const label = h('div', { class: 'heatmap-step' }, text);
    put(label, x - STEP_ROOM, 2 * STEP_ROOM);
    return { x, label };
  });
}

/** As the canvases have them: some are mixed. */
function colour({ style }: HTMLElement, { theme, surface }: Paint): void {
  const colours = {
    rail: css(theme.rail),
    accent: css(theme.accent),
    shade: css(theme.accent, isHighContrast(theme.kind) ? 0 : 0.14),
    foreground: css(theme.foreground),
    background: css(theme.background),
    dim: css(theme.dim),
    focus: css(theme.focus),
    surface,
  };
  for (const [name, value] of Object.entries(colours)) style.setProperty(`--map-${name}`, value);
}
