/** Catalogues of words are in VS Code's language: to be imported before any of them. */
import * as vscode from 'vscode';
import { speak } from '../words/translated';

const sentences = vscode.l10n.bundle;
speak(sentences ? vscode.env.language : 'en', sentences ?? {});
