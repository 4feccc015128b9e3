/** Mermaid's configuration, in one place. */
import type { MermaidConfig } from 'mermaid';
import { PANEL_LIMITS } from '../../../src/unroll/mermaid';
import { css, isLight, type Theme } from '../../../src/picture/colour/color';
import { pictureStyle } from '../../../src/picture/diagram/style';
import { pointedStyle } from './pointed';

/** The name of the project's layout. */
export const LAYOUT_NAME = 'gatescope';

/** Whatever Mermaid's defaults become, these are ours. */
export function mermaidConfig(theme: Theme): MermaidConfig {
  return {
    layout: LAYOUT_NAME,
    theme: 'base',
    look: 'classic',
    htmlLabels: false,
    securityLevel: 'strict',
    ...PANEL_LIMITS,
    startOnLoad: false,
    suppressErrorRendering: true,
    deterministicIds: true,
    deterministicIDSeed: LAYOUT_NAME,
    logLevel: 'fatal',
    fontFamily: theme.fontFamily,
    flowchart: { curve: 'rounded', useMaxWidth: false, diagramPadding: 0 },
    themeVariables: {
      darkMode: !isLight(theme.kind),
      background: css(theme.background),
      primaryColor: css(theme.paper),
      primaryTextColor: css(theme.foreground),
      primaryBorderColor: css(theme.line),
      lineColor: css(theme.rail),
      textColor: css(theme.foreground),
      clusterBkg: css(theme.cell),
      clusterBorder: css(theme.line),
      fontFamily: theme.fontFamily,
      fontSize: '12px',
    },
    // Mermaid scopes it to the picture.
    themeCSS: pictureStyle(theme) + pointedStyle(theme),
  };
}
