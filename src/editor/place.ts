import * as vscode from 'vscode';
import type { Place } from '../model/problem';

/** Where a problem stands in a document. */
export function problemRange(document: vscode.TextDocument, place: Place): vscode.Range {
  return new vscode.Range(
    document.positionAt(place.offset),
    document.positionAt(place.offset + place.length),
  );
}
