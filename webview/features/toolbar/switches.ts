/** A switch for each view of the dock. */
import type { Context, Piece } from '../../feature';
import { sectionId, type NamedPane } from '../../shell/dock';
import { button } from '../../toolkit';
import { h, setAttribute } from '../../ui/dom';
import { common } from '../../shared/words';

type Dispatch = Context['dispatch'];

export function createSwitches(panes: readonly NamedPane[], dispatch: Dispatch): Piece {
  const switches = panes.map((pane) => createSwitch(pane, dispatch));
  const element = h(
    'div',
    { class: 'view-switches', role: 'group', 'aria-label': common.views },
    ...switches.map((one) => one.element),
  );
  return {
    element,
    render(state) {
      for (const one of switches) one.render(state);
      element.hidden = switches.every((one) => one.element.hidden);
    },
  };
}

function createSwitch({ name, label, title, icon, offered }: NamedPane, dispatch: Dispatch): Piece {
  let on = false;
  const element = button({
    title,
    label,
    icon,
    onClick: () => dispatch({ type: 'showView', view: name, on: !on }),
  });
  element.setAttribute('aria-controls', sectionId(name));
  return {
    element,
    render(state) {
      on = state.dock.open.includes(name);
      element.hidden = !offered(state);
      setAttribute(element, 'appearance', on ? 'primary' : 'secondary');
      setAttribute(element, 'aria-pressed', String(on));
    },
  };
}
