/** Where features stand: the regions of the page, top to bottom. */
import type { Region } from '../feature';
import { h } from '../ui/dom';

/** The dock builds its own. */
export function createRegions(root: HTMLElement, dock: HTMLElement): Readonly<Record<Region, HTMLElement>> {
  const region = (name: Region) => h('div', { 'data-region': name });
  const regions = {
    bar: region('bar'),
    stage: region('stage'),
    overview: region('overview'),
    dock,
    foot: region('foot'),
  };
  root.append(...Object.values(regions));
  return regions;
}
