/** The dock: open views beside each other, as many as the width holds, else behind tabs; a grip changes its height. */
import type { Pane } from '../feature';
import { clampHeight, viewsWithRoom } from '../shared/dock';
import type { Action, State } from '../shared/state';
import { common } from '../shared/words';
import { h, setAttribute } from '../ui/dom';
import { words } from './words';

/** How far an arrow key moves the grip, in pixels. */
const GRIP_STEP = 16;

export type NamedPane = Pane & { readonly name: string };

export interface DockFrame {
  readonly element: HTMLElement;
  /** The section of a view. */
  section(name: string): HTMLElement;
  render(state: State): void;
}

/** The id of a view's section, for what controls it. */
export function sectionId(name: string): string {
  return `view-${name}`;
}

/** The views that are open and that the model has something for, in their order. */
function openPanes(panes: readonly NamedPane[], state: State): readonly NamedPane[] {
  return panes.filter(({ name, offered }) => state.dock.open.includes(name) && offered(state));
}

export function createDock(
  panes: readonly NamedPane[],
  state: () => State,
  dispatch: (action: Action) => void,
): DockFrame {
  const sections = new Map(panes.map((pane) => [pane.name, createSection(pane)]));
  const tabs = createTabs(panes, (view) => dispatch({ type: 'showView', view, on: true }));
  const row = h('div', { class: 'dock-panes' }, ...sections.values());
  const element = h('div', { class: 'dock', 'data-region': 'dock', hidden: true });
  const grip = createGrip(element, (height) => dispatch({ type: 'resizeDock', height }));
  element.append(grip, tabs.element, row);
  let width = 0;

  function render(now: State): void {
    const open = openPanes(panes, now);
    element.hidden = open.length === 0;
    if (element.hidden) return;
    const order = now.dock.open.filter((name) => open.some((pane) => pane.name === name));
    const shown = viewsWithRoom(order, width);
    for (const [name, section] of sections) section.hidden = !shown.includes(name);
    tabs.render(open.length > shown.length ? open : [], shown);
    const { height } = now.dock;
    element.style.height = height === null ? '' : `${clampHeight(height, window.innerHeight)}px`;
  }

  new ResizeObserver(([{ contentRect }]) => {
    width = contentRect.width;
    if (width === 0) return;
    setAttribute(grip, 'aria-valuenow', String(Math.round(contentRect.height)));
    render(state());
  }).observe(element);

  return { element, render, section: (name) => sections.get(name)! };
}

function createSection({ name, label }: NamedPane): HTMLElement {
  return h('section', {
    class: 'pane',
    id: sectionId(name),
    'data-view': name,
    'data-state': 'loading',
    'aria-label': label,
    hidden: true,
  });
}

function createTabs(panes: readonly NamedPane[], choose: (name: string) => void) {
  const tabs = new Map(
    panes.map(({ name, label }) => {
      const attributes = { type: 'button', role: 'tab', class: 'dock-tab', 'aria-controls': sectionId(name) };
      const tab = h('button', attributes, label);
      tab.addEventListener('click', () => choose(name));
      return [name, tab];
    }),
  );
  const element = h(
    'div',
    { class: 'dock-tabs', role: 'tablist', 'aria-label': common.views },
    ...tabs.values(),
  );
  element.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const shown = [...tabs.values()].filter(({ hidden }) => !hidden);
    const at = shown.indexOf(event.target as HTMLButtonElement);
    if (!by || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = shown[(at + by + shown.length) % shown.length];
    next.focus();
    next.click();
  });
  return {
    element,
    render(open: readonly NamedPane[], shown: readonly string[]) {
      element.hidden = open.length === 0;
      for (const [name, tab] of tabs) {
        tab.hidden = !open.some((pane) => pane.name === name);
        setAttribute(tab, 'aria-selected', String(shown.includes(name)));
        setAttribute(tab, 'tabindex', name === shown.at(-1) ? '0' : '-1');
      }
    },
  };
}

/** Drag it, or move it by the arrow keys; a double click gives the usual height. */
function createGrip(dock: HTMLElement, resize: (height: number | null) => void): HTMLElement {
  const grip = h('div', {
    class: 'dock-grip',
    role: 'separator',
    tabindex: 0,
    'aria-orientation': 'horizontal',
    'aria-label': words.dockHeight,
  });
  const resizeTo = (height: number) => resize(clampHeight(height, window.innerHeight));
  grip.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
  });
  grip.addEventListener('pointermove', (event) => {
    if (!grip.hasPointerCapture(event.pointerId)) return;
    resizeTo(dock.getBoundingClientRect().bottom - event.clientY);
  });
  grip.addEventListener('dblclick', () => resize(null));
  grip.addEventListener('keydown', (event) => {
    const by = { ArrowUp: GRIP_STEP, ArrowDown: -GRIP_STEP }[event.key];
    if (!by) return;
    event.preventDefault();
    resizeTo(dock.getBoundingClientRect().height + by);
  });
  return grip;
}
