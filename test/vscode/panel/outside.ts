import type { Panel } from '../workbench';

/** What stands outside of the page, but for the picture, which scrolls, and what is out of sight for good. */
export function outside(panel: Panel): Promise<string[]> {
  return panel.frame.evaluate(() => {
    const elements = [...document.querySelectorAll('#root *')].filter(
      (element) => !element.closest('.diagram-scroll, .diagram-scratch, .visually-hidden, .footer > span'),
    );
    return elements.flatMap((element) => {
      const { width, height, left, top, right, bottom } = element.getBoundingClientRect();
      if (width === 0 || height === 0) return [];
      const inside = left >= -0.5 && top >= -0.5 && right <= innerWidth + 0.5 && bottom <= innerHeight + 0.5;
      return inside ? [] : [`${element.tagName}.${element.getAttribute('class')}: ${left} … ${right}`];
    });
  });
}
