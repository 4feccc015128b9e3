/** How the picture is painted, in real colours, so that an SVG taken out of the panel looks the same. */
import { css, isHighContrast, type Theme } from '../colour/color';
import { createScale } from '../colour/scale';

/** CSS rules of the names of the rows. */
export function labelStyle(theme: Theme): string {
  return `
    text.row-symbol { font-size: 12px; font-style: italic; fill: ${css(theme.dim)}; }
    text.row-word { font-size: 12px; fill: ${css(theme.dim)}; }
    text.row-said { font-size: 11px; fill: ${css(theme.foreground)}; }
    text.row-title { font-size: 11px; fill: ${css(theme.dim)}; }
  `;
}

/** CSS rules of the whole picture. */
export function pictureStyle(theme: Theme): string {
  const strong = isHighContrast(theme.kind);
  const scale = createScale(theme);
  return `
    text { fill: ${css(theme.foreground)}; font-size: 12px; stroke: none; }
    .node rect { fill: ${css(theme.paper)}; stroke: ${css(theme.line)}; stroke-width: 1px; }
    .node > .ghost { stroke: ${css(theme.foreground)}; stroke-width: 0.5px; pointer-events: none; }
    .node[data-held] > rect:first-child { stroke: ${css(theme.accent)}; stroke-width: 2px; stroke-dasharray: 4 2; }
    .node[data-marked] > rect:first-child { stroke: ${css(theme.accent)}; stroke-width: 1.5px; }
    .node.bus > rect { fill: ${css(theme.rail)}; stroke: none; }
    .node.stub > rect { fill: none; stroke: none; }
    .node.merge > rect { fill: ${css(theme.background)}; stroke: ${css(theme.rail)}; }
    .node .bar { fill: ${scale.swatch('probability', 1).fill}; stroke: none; }
    g.joined .node.bus > rect { fill: none; }
    g.joined .cluster rect { stroke: ${css(theme.runs[0])}; }
    g.joined.mirrored .cluster rect { stroke: ${css(theme.runs[1])}; stroke-dasharray: 5 3; }
    .cluster rect { fill: ${css(theme.cell)}; stroke: ${css(theme.line)}; stroke-width: 1px; }
    .edgePaths path { stroke: ${css(theme.rail)}; fill: none; stroke-linejoin: round; }
    .edgePaths path.edge-thickness-normal { stroke-width: 1.2px; }
    .edgePaths path.edge-thickness-thick { stroke-width: 2px; }
    .marker, .arrowMarkerPath { fill: ${css(theme.rail)}; stroke: ${css(theme.rail)}; }
    text.letter { font-style: italic; font-size: 14px; text-anchor: middle; }
    text.value { font-size: 11px; text-anchor: middle; font-variant-numeric: tabular-nums; }
    text.word { font-size: 11px; text-anchor: middle; fill: ${css(theme.dim)}; }
    text.token { font-family: ${theme.monoFamily}; text-anchor: middle; }
    text.was { text-decoration: line-through; opacity: 0.6; }
    text.percent { font-size: 11px; text-anchor: end; fill: ${css(theme.dim)}; }
    text.feature { font-family: ${theme.monoFamily}; font-size: 11px; text-anchor: end; }
    .node .bars { stroke: none; }
    .node .bars.above { fill: ${scale.swatch('signed', 1).fill}; }
    .node .bars.below { fill: ${scale.swatch('signed', -1).fill}; }
    .node .broken { fill: none; stroke: ${css(theme.foreground)}; stroke-width: 1.5px; stroke-dasharray: 3 2; }
    text.unsent { font-size: 11px; text-anchor: middle; fill: ${css(theme.dim)}; }
    .node .zero { fill: none; stroke: ${css(theme.line)}; stroke-width: 1px; }
    g.joined text.step { text-anchor: start; }
    text.step, text.reach { font-size: 11px; text-anchor: middle; fill: ${css(theme.dim)}; }
    ${labelStyle(theme)}
    text.caption { font-size: 11px; text-anchor: middle; opacity: 0.85; }
    text.row-feature { font-size: 11px; text-anchor: end; fill: ${css(theme.dim)}; }
    .playhead { fill: ${css(theme.accent, strong ? 0 : 0.1)}; stroke: ${css(theme.accent)}; stroke-width: ${strong ? 2 : 1}px; }
    .node[data-absent] > rect:first-child { stroke-dasharray: 2 3; }
    .node[data-absent] text { opacity: 0.5; }
    .node[data-not-run] > rect:first-child { stroke-dasharray: 4 3; fill: ${css(theme.background)} !important; }
    .node[data-not-run] text { fill: ${css(theme.dim)} !important; }
    .node[data-nonfinite] > rect:first-child { stroke: ${css(theme.foreground)}; stroke-dasharray: 3 2; stroke-width: 1.5px; }
  `;
}
