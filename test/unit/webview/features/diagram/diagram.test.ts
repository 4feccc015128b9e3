import assert from 'node:assert/strict';
import { LAYOUT_NAME, mermaidConfig } from '../../../../../webview/features/diagram/config';
import { headingOf, neighbour } from '../../../../../webview/features/diagram/focus';
import { clampZoom, fitZoom, readingZoom } from '../../../../../webview/features/diagram/zoom';
import { THEME } from '../../../picture/colour/theme';

describe("Mermaid's configuration", () => {
  it('sets whatever Mermaid may change its mind about', () => {
    const config = mermaidConfig(THEME);
    const { layout, theme, look, htmlLabels, securityLevel, startOnLoad, suppressErrorRendering } = config;
    assert.deepEqual(
      { layout, theme, look, htmlLabels, securityLevel, startOnLoad, suppressErrorRendering },
      {
        layout: LAYOUT_NAME,
        theme: 'base',
        look: 'classic',
        htmlLabels: false,
        securityLevel: 'strict',
        startOnLoad: false,
        suppressErrorRendering: true,
      },
    );
    assert.equal(config.deterministicIds, true);
    assert.equal(config.flowchart?.curve, 'rounded');
    assert.ok(config.maxTextSize! > 50_000 && config.maxEdges! > 500);
  });

  it('hands the colours of the theme on', () => {
    const { themeVariables, themeCSS } = mermaidConfig(THEME);
    assert.equal(themeVariables.darkMode, true);
    assert.equal(themeVariables.lineColor, 'rgb(110,110,110)');
    assert.match(themeCSS!, /\.playhead \{ fill: rgba\(77,170,252,0\.1\)/);
    assert.equal(mermaidConfig({ ...THEME, kind: 'high-contrast-light' }).themeVariables.darkMode, false);
  });
});

describe('keyboard focus', () => {
  const spot = (x: number, y: number) => ({ x, y });
  const [f, i, f2, c, x] = [spot(0, 80), spot(32, 80), spot(150, 80), spot(16, 0), spot(16, 140)];
  const spots = [f, i, f2, c, x];

  it('moves to the nearest signal in a heading', () => {
    assert.equal(neighbour(spots, f, 'right'), i);
    assert.equal(neighbour(spots, i, 'right'), f2);
    assert.equal(neighbour(spots, i, 'left'), f);
    assert.equal(neighbour(spots, i, 'up'), c);
    assert.equal(neighbour(spots, i, 'down'), x);
  });

  it('stops at the edges', () => {
    assert.equal(neighbour(spots, f, 'left'), null);
    assert.equal(neighbour(spots, c, 'left'), null);
    assert.equal(neighbour(spots, c, 'up'), null);
  });

  it('takes Ctrl with an arrow, and nothing else', () => {
    const press = (key: string, ctrlKey: boolean, shiftKey = false) =>
      headingOf({ key, ctrlKey, shiftKey, altKey: false });
    assert.equal(press('ArrowUp', true), 'up');
    assert.equal(press('ArrowUp', false), null);
    assert.equal(press('ArrowUp', true, true), null);
    assert.equal(press('Enter', true), null);
  });
});

describe('zoom', () => {
  it('shows the whole, however small', () => {
    assert.equal(fitZoom({ width: 1000, height: 800 }, { width: 1000, height: 400 }), 1);
    assert.equal(fitZoom({ width: 1000, height: 800 }, { width: 100, height: 100 }), 1.3);
  });

  it('to fit, leaves nothing cut', () => {
    assert.equal(fitZoom({ width: 1000, height: 500 }, { width: 1250, height: 5000 }), 0.1);
    assert.equal(fitZoom({ width: 100, height: 100 }, { width: 5000, height: 500 }), 0.02);
  });

  it('to read, scrolls rather than shrinking', () => {
    assert.equal(readingZoom({ width: 1000, height: 500 }, { width: 1250, height: 5000 }), 1);
    assert.equal(readingZoom({ width: 1000, height: 500 }, { width: 900, height: 501 }), 1);
    assert.equal(readingZoom({ width: 1100, height: 550 }, { width: 1000, height: 500 }), 1.1);
    assert.equal(readingZoom({ width: 1000, height: 800 }, { width: 100, height: 100 }), 1.3);
  });

  it('stays within bounds, whatever was stored', () => {
    assert.equal(clampZoom(100), 4);
    assert.equal(clampZoom(0), 0.2);
    assert.equal(clampZoom(NaN), 1);
  });
});
