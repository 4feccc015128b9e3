/** What of the toolbar stands in its line: as much as there is room for. */
import { setAttribute } from '../../ui/dom';

/**
 * What is given up for the rest to fit, the least first: the words of the views' switches, and some of the slider; the
 * buttons that zoom, then all that the picture is controlled by, which are in the menu instead; at last the single line.
 */
export const LAYOUTS = ['', 'words', 'words zoom', 'words zoom picture', 'words zoom picture line'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Gives a toolbar, with everything in it, the first layout in which nothing is cut. */
export function fitToolbar(toolbar: HTMLElement): Layout {
  toolbar.toggleAttribute('data-measuring', true);
  const layout =
    LAYOUTS.find((one) => {
      setAttribute(toolbar, 'data-without', one);
      return toolbar.scrollWidth <= toolbar.clientWidth;
    }) ?? LAYOUTS[LAYOUTS.length - 1];
  toolbar.toggleAttribute('data-measuring', false);
  return layout;
}

export function isWithout(layout: Layout, part: 'zoom' | 'picture'): boolean {
  return layout.split(' ').includes(part);
}
