/** The one module that knows the UI toolkit: registers the elements used, and makes them. */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  type Button,
  type Dropdown,
} from '@vscode/webview-ui-toolkit';
import { h, icon } from './ui/dom';

export type { Button };

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption(), vsCodeProgressRing());

interface ButtonOptions {
  readonly title: string;
  readonly onClick: () => void;
  readonly label?: string;
  /** A path of `icons`. */
  readonly icon?: string;
  readonly appearance?: 'primary' | 'secondary' | 'icon';
}

export function button({
  title,
  onClick,
  label,
  icon: path,
  appearance = 'secondary',
}: ButtonOptions): Button {
  const element = h<Button>('vscode-button', { appearance, title, 'aria-label': label ?? title });
  if (path) element.append(icon(path));
  if (label) element.append(label);
  element.addEventListener('click', onClick);
  return element;
}

export interface Item {
  readonly value: string;
  readonly label: string;
}

/** A dropdown of fixed or changing items; `onChange` hears of the user's choices only. */
export function dropdown(label: string, onChange: (value: string) => void): Dropdown {
  const element = h<Dropdown>('vscode-dropdown', { 'aria-label': label, title: label });
  element.addEventListener('change', () => onChange(element.value));
  return element;
}

/** Gives a dropdown its items, anew only if they differ, and selects one. */
export function setItems(element: Dropdown, items: readonly Item[], selected: string): void {
  const key = JSON.stringify(items);
  if (element.dataset.items !== key) {
    element.dataset.items = key;
    element.replaceChildren(
      ...items.map(({ value, label }) => h('vscode-option', { value, selected: value === selected }, label)),
    );
  }
  if (!element.open && element.value !== selected) element.value = selected;
}

export function progressRing(): HTMLElement {
  return h('vscode-progress-ring');
}
