/** The playhead's keys. */
import { steps, type Action, type State } from '../../shared/state';

/** What a key does to the playhead; null if nothing. */
export function actionOfKey(key: string, state: State): Action | null {
  const { step, columns, playing } = state;
  switch (key) {
    case 'ArrowLeft':
      return { type: 'goTo', step: step - 1 };
    case 'ArrowRight':
      return { type: 'goTo', step: step + 1 };
    case 'Home':
      return { type: 'goTo', step: 0 };
    case 'End':
      return { type: 'goTo', step: steps(state) - 1 };
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
