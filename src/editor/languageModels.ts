/** The part of VS Code's API for tools of language models that is used here. It came with 1.95: older ones run without. */
import * as vscode from 'vscode';

export interface ToolAsked {
  /** What a language model wrote: not more than perhaps as the schema says. */
  readonly input: unknown;
}

export interface PreparedTool {
  readonly invocationMessage: vscode.MarkdownString;
  readonly confirmationMessages: { readonly title: string; readonly message: vscode.MarkdownString };
}

export interface LanguageModelTool {
  prepareInvocation(asked: ToolAsked): PreparedTool;
  /** Rejects with what the language model is told of a failure. */
  invoke(asked: ToolAsked, token: vscode.CancellationToken): Promise<object>;
}

interface LanguageModels {
  readonly lm?: { registerTool?(name: string, tool: LanguageModelTool): vscode.Disposable };
  readonly LanguageModelToolResult?: new (parts: readonly object[]) => object;
  readonly LanguageModelTextPart?: new (text: string) => object;
}

/** Undefined where VS Code has no such tools. */
export function toolsOfVscode() {
  const { lm, LanguageModelToolResult, LanguageModelTextPart } = vscode as unknown as LanguageModels;
  if (!lm?.registerTool || !LanguageModelToolResult || !LanguageModelTextPart) return undefined;
  return {
    register: (name: string, tool: LanguageModelTool) => lm.registerTool!(name, tool),
    result: (texts: readonly string[]) =>
      new LanguageModelToolResult(texts.map((text) => new LanguageModelTextPart(text))),
  };
}
