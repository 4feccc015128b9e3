import * as vscode from 'vscode';
import type { PanelSettings } from '../panelSettings';
import { nonce as newNonce } from '../platform/platform';
import { dataBlock, spoken } from '../words/translated';

/** Where the panel's built files lie. */
export function panelRoot(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'dist', 'webview');
}

/** The panel's page, which holds nothing of any model but settings and the sentences of the user's language: all else comes by messages. */
export function page(webview: vscode.Webview, extension: vscode.Uri, settings: PanelSettings): string {
  const root = panelRoot(extension);
  const script = webview.asWebviewUri(vscode.Uri.joinPath(root, 'main.js')).toString();
  const style = webview.asWebviewUri(vscode.Uri.joinPath(root, 'main.css')).toString();
  const nonce = newNonce();
  const { language, sentences } = spoken();
  // Mermaid writes a <style> into its SVG, hence 'unsafe-inline' for styles.
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' ${webview.cspSource}`,
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${style}">
<title>Gatescope</title>
</head>
<body>
<div id="root" data-state="loading" data-settings="${attribute(JSON.stringify(settings))}"></div>
<script type="application/json" id="sentences">${dataBlock(sentences)}</script>
<script type="module" nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}
