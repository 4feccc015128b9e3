import * as vscode from 'vscode';
import type { Translate } from '../words/translate';

/** In the language of VS Code, as far as there are sentences in it. */
export const translate: Translate = (sentence, ...values) => vscode.l10n.t(sentence, ...values);
