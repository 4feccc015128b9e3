/** How the picture is shown: its detail, its colours, its size. */
import type { Context, Piece } from '../../feature';
import type { ShownRun } from '../../../src/picture/change';
import { MEASURES } from '../../../src/picture/measure';
import { unitsOf } from '../../shared/selection';
import { fill } from '../../shared/words';
import { button, dropdown, setItems } from '../../toolkit';
import { h, setAttribute } from '../../ui/dom';
import { icons } from '../../ui/icons';
import { PICTURE_PARTS, type PicturePart } from './fit';
import { words } from './words';

const ZOOM_FACTOR = 1.25;

type Dispatch = Context['dispatch'];

export interface PictureControls extends Piece {
  /** Where those stand that have no place in the bar. */
  readonly inMenu: HTMLElement;
  /** Says which these are. */
  placeInMenu(parts: readonly PicturePart[]): void;
}

export function createPictureControls(dispatch: Dispatch): PictureControls {
  const detail = createDetailSwitch(dispatch);
  const colour = createColourControls(dispatch);
  const zoomOut = button({
    title: words.zoomOut,
    icon: icons.minus,
    onClick: () => dispatch({ type: 'zoomBy', factor: 1 / ZOOM_FACTOR }),
  });
  const fit = button({ title: words.fitTitle, label: words.fit, onClick: () => dispatch({ type: 'fit' }) });
  const zoomIn = button({
    title: words.zoomIn,
    icon: icons.plus,
    onClick: () => dispatch({ type: 'zoomBy', factor: ZOOM_FACTOR }),
  });
  let placed = '';
  const zoom = h('div', { class: 'zoom' }, zoomOut, fit, zoomIn);
  const controls = { detail: detail.element, colour: colour.element, zoom };
  const element = h('div', { class: 'picture-controls' }, ...Object.values(controls));
  const inMenu = h('div', { class: 'picture-controls' });
  return {
    element,
    inMenu,
    placeInMenu(parts) {
      if (parts.join() === placed) return;
      placed = parts.join();
      for (const part of PICTURE_PARTS) (parts.includes(part) ? inMenu : element).append(controls[part]);
    },
    render(state) {
      detail.render(state);
      colour.render(state);
    },
  };
}

function createDetailSwitch(dispatch: Dispatch): Piece {
  const gates = button({
    title: words.gatesTitle,
    label: words.gates,
    onClick: () => dispatch({ type: 'showDetail', detail: 'gates' }),
  });
  const cells = button({
    title: words.cellsTitle,
    label: words.cells,
    onClick: () => dispatch({ type: 'showDetail', detail: 'cells' }),
  });
  return {
    element: h('div', { class: 'segmented', role: 'group', 'aria-label': words.detail }, gates, cells),
    render({ detail }) {
      for (const [control, on] of [
        [gates, detail === 'gates'],
        [cells, detail === 'cells'],
      ] as const) {
        setAttribute(control, 'appearance', on ? 'primary' : 'secondary');
        setAttribute(control, 'aria-pressed', String(on));
      }
    },
  };
}

function createColourControls(dispatch: Dispatch): Piece {
  const measures = dropdown(words.colour, (value) => {
    const measure = MEASURES.find((one) => one === value);
    if (measure) dispatch({ type: 'show', measure });
  });
  measures.title = words.colourTitle;
  const choicesOf = (run: ShownRun | null) =>
    MEASURES.filter((value) => value !== 'change' || run?.change).map((value) => ({
      value,
      label: words.measures[value],
    }));
  const unit = h('input', { type: 'number', class: 'unit-number', min: 0, step: 1 });
  unit.addEventListener('input', () => {
    if (unit.value !== '' && unit.validity.valid) dispatch({ type: 'selectUnit', unit: unit.valueAsNumber });
  });
  return {
    element: h('div', { class: 'colour' }, measures, unit),
    render({ scene, run, selection, measure }) {
      setItems(measures, choicesOf(run), measure);
      unit.hidden = measure !== 'unit';
      if (unit.hidden || !scene || !selection.signal) return;
      const last = unitsOf(scene.network, selection.signal) - 1;
      setAttribute(unit, 'max', String(last));
      setAttribute(unit, 'aria-label', fill(words.unitNumber, last));
      setAttribute(unit, 'title', fill(words.unitNumber, last));
      if (document.activeElement !== unit) unit.value = String(selection.unit);
    },
  };
}
