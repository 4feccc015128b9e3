/** What of the toolbar stands in its line: as much as there is room for. */
import { setAttribute } from '../../ui/dom';

/**
 * What is given up for the rest to fit, the least first: the words of the views' switches, and some of the slider; the
 * buttons that zoom, the choice of colours, that of detail, which are in the menu instead; at last the single line.
 */
const LAYOUTS = [
  '',
  'words',
  'words zoom',
  'words zoom colour',
  'words zoom colour detail',
  'words zoom colour detail line',
] as const;
type Layout = (typeof LAYOUTS)[number];

/** What the picture is controlled by, as it stands in the line. */
export const PICTURE_PARTS = ['detail', 'colour', 'zoom'] as const;
export type PicturePart = (typeof PICTURE_PARTS)[number];

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

/** What the picture is controlled by that has no place in the line. */
export function partsInMenu(layout: Layout): readonly PicturePart[] {
  const without = layout.split(' ');
  return PICTURE_PARTS.filter((part) => without.includes(part));
}
