import type { FromWebview } from '../../src/protocol';
import { type Button, button } from '../toolkit';
import { icons } from '../ui/icons';
import { common } from './words';

const COPIED_MILLISECONDS = 1500;

/** Copies what `text` gives at the moment, if anything, and says so for a moment. */
export function copyButton(
  title: string,
  post: (message: FromWebview) => void,
  text: () => string | null,
): Button {
  const element = button({
    title,
    icon: icons.copy,
    appearance: 'icon',
    onClick() {
      const copied = text();
      if (copied === null) return;
      post({ type: 'copy', text: copied });
      element.title = common.copied;
      element.classList.add('copied');
      setTimeout(() => {
        element.title = title;
        element.classList.remove('copied');
      }, COPIED_MILLISECONDS);
    },
  });
  return element;
}
