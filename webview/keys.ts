/** The playhead's keys, wherever the focus is, unless a control there uses the key itself. */
import type { Action, State } from './state';

/** What a key does to the playhead; null if nothing. */
export function actionOfKey(key: string, state: State): Action | null {
  const { step, columns, sequence, playing } = state;
  switch (key) {
    case 'ArrowLeft':
      return { type: 'goTo', step: step - 1 };
    case 'ArrowRight':
      return { type: 'goTo', step: step + 1 };
    case 'Home':
      return { type: 'goTo', step: 0 };
    case 'End':
      return { type: 'goTo', step: (sequence?.steps ?? 1) - 1 };
    case 'PageUp':
      return { type: 'goTo', step: step - columns };
    case 'PageDown':
      return { type: 'goTo', step: step + columns };
    case ' ':
      return { type: 'play', on: !playing };
    default:
      return null;
  }
}

/** Controls that use arrows, Home, End, Page keys and the space bar themselves. */
const KEYBOARD_CONTROLS = 'input, select, textarea, vscode-dropdown, vscode-option, [role="menu"]';
/** Controls that use the space bar only. */
const BUTTONS = 'button, vscode-button, a';

export function listenToKeys(state: () => State, dispatch: (action: Action) => void): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const target = event.target as Element;
    if (target.closest(KEYBOARD_CONTROLS) || (event.key === ' ' && target.closest(BUTTONS))) return;
    const action = actionOfKey(event.key, state());
    if (!action) return;
    event.preventDefault();
    dispatch(action);
  });
}
