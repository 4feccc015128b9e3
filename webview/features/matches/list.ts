/** The matches, the best first: a list that keys and the pointer go through. */
import type { FoundMatch, Matches } from '../../../src/protocol';
import { h, setAttribute } from '../../ui/dom';
import { formatCount } from '../../../src/picture/format';
import { drawPlace } from './place';
import { LabelNames } from './placeLayout';
import { words } from './words';

export interface MatchList {
  readonly element: HTMLElement;
  render(matches: Matches | null, active: number): void;
}

interface ListEvents {
  onMove(index: number): void;
  onGo(match: FoundMatch): void;
}

const PAGE = 10;

export function createList({ onMove, onGo }: ListEvents): MatchList {
  const element = h('div', {
    ...{ class: 'match-list', role: 'listbox', tabindex: 0, 'aria-label': words.list },
  });
  let rows: readonly HTMLElement[] = [];
  let shown: Matches | null = null;
  let at = 0;

  element.addEventListener('keydown', (event) => {
    if (!shown || event.altKey || event.metaKey || event.ctrlKey) return;
    const last = shown.matches.length - 1;
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE, Home: -Infinity, End: Infinity }[
      event.key
    ];
    if (by !== undefined) move(Math.max(0, Math.min(last, at + by)));
    else if (event.key === 'Enter' || event.key === ' ') go(at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  /** At once, so that the next key goes on from there. */
  function move(index: number): void {
    activate(index);
    onMove(index);
  }

  function go(index: number): void {
    const match = shown?.matches[index];
    if (match) onGo(match);
  }

  function fillWith(next: Matches): void {
    const names = new LabelNames();
    rows = next.matches.map((match, index) => {
      const row = rowOf(next, match, index);
      row.append(drawPlace(match.around, match, names));
      row.addEventListener('click', () => {
        move(index);
        go(index);
      });
      return row;
    });
    element.replaceChildren(...rows);
    const longest = Math.max(...next.matches.map(({ from, to }) => stepsInWords(from, to).length));
    element.style.setProperty('--steps', `${longest}ch`);
  }

  function activate(index: number): void {
    at = Math.max(0, Math.min(index, rows.length - 1));
    for (const [k, row] of rows.entries()) setAttribute(row, 'aria-selected', String(k === at));
    setAttribute(element, 'aria-activedescendant', rows[at]?.id ?? null);
    if (element === document.activeElement) rows[at]?.scrollIntoView({ block: 'nearest' });
  }

  return {
    element,
    render(matches, active) {
      element.hidden = !matches || matches.matches.length === 0;
      if (!matches) return;
      if (matches !== shown) fillWith(matches);
      shown = matches;
      activate(active);
    },
  };
}

function rowOf({ places }: Matches, { place, from, to, score }: FoundMatch, index: number): HTMLElement {
  const { sample, title } = places[place];
  const steps = stepsInWords(from, to);
  return h(
    'div',
    {
      ...{ class: 'match', role: 'option', id: `match-${index}`, 'aria-selected': 'false' },
      ...{ 'data-match': true, 'data-sample': sample ?? title },
      ...{ 'data-from': from, 'data-to': to, 'data-score': score },
    },
    scoreOf(score),
    h('span', { class: 'match-steps' }, steps),
    h('span', { class: 'match-sample dim', title }, title),
  );
}

/** A number, and a bar as long. */
function scoreOf(score: number): HTMLElement {
  const bar = h('span', { class: 'match-bar' });
  bar.style.width = `${score * 100}%`;
  return h('span', { class: 'match-score' }, bar, h('span', {}, score.toFixed(2)));
}

/** Counted from 1. */
function stepsInWords(from: number, to: number): string {
  return from === to ? formatCount(from + 1) : `${formatCount(from + 1)} – ${formatCount(to + 1)}`;
}
