/** The ⋯ button and what opens under it. */
import { h } from '../../ui/dom';
import { icons } from '../../ui/icons';
import { button } from '../../toolkit';

export interface MenuItem {
  readonly label: string;
  readonly onClick: () => void;
}

export interface Menu {
  readonly element: HTMLElement;
  /** Where other controls may be put, above the items. */
  readonly popup: HTMLElement;
}

export function createMenu(title: string, items: readonly MenuItem[]): Menu {
  const opener = button({ title, icon: icons.more, onClick: () => show(popup.hidden) });
  opener.setAttribute('aria-haspopup', 'menu');
  opener.setAttribute('aria-expanded', 'false');
  const entries = items.map(({ label, onClick }) => {
    const entry = h('button', { type: 'button', class: 'menu-item', role: 'menuitem', tabindex: -1 }, label);
    entry.addEventListener('click', () => {
      show(false);
      onClick();
    });
    return entry;
  });
  const list = h('div', { class: 'menu-items', role: 'menu', 'aria-label': title }, ...entries);
  const popup = h('div', { class: 'menu', hidden: true }, list);
  const element = h('div', { class: 'more' }, opener, popup);

  function show(open: boolean): void {
    popup.hidden = !open;
    opener.setAttribute('aria-expanded', String(open));
    if (open) entries[0].focus();
  }

  function moveFocus(by: number): void {
    const at = entries.indexOf(document.activeElement as HTMLButtonElement);
    entries[(at + by + entries.length) % entries.length].focus();
  }

  list.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') moveFocus(1);
    else if (event.key === 'ArrowUp') moveFocus(-1);
    else if (event.key !== 'Escape') return;
    event.preventDefault();
  });
  popup.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key !== 'Escape') return;
    show(false);
    opener.focus();
  });
  document.addEventListener('pointerdown', (event) => {
    if (!popup.hidden && !element.contains(event.target as Node)) show(false);
  });
  element.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget && !element.contains(relatedTarget as Node)) show(false);
  });
  return { element, popup };
}
