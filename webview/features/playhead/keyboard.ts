/** Hears the playhead's keys wherever the focus is, unless a control there uses the key itself. */
import { actionOfKey } from './keys';
import type { Action, State } from '../../shared/state';

/** Controls that use arrows, Home, End, Page keys and the space bar themselves. */
const KEYBOARD_CONTROLS = 'input, select, textarea, vscode-dropdown, vscode-option, [role="menu"]';
/** Controls that use the space bar only. */
const BUTTONS = 'button, vscode-button, a, summary';
/** What is scrolled by these while it has the focus. */
const SCROLLERS = '.scrolls';
const SCROLLING = ['PageUp', 'PageDown', 'Home', 'End', ' '];

export function listenToKeys(state: () => State, dispatch: (action: Action) => void): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const target = event.target as Element;
    if (target.closest(KEYBOARD_CONTROLS) || (event.key === ' ' && target.closest(BUTTONS))) return;
    if (SCROLLING.includes(event.key) && target.closest(SCROLLERS)) return;
    const action = actionOfKey(event.key, state());
    if (!action) return;
    event.preventDefault();
    dispatch(action);
  });
}
