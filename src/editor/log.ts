import * as vscode from 'vscode';
import { Disposable } from './dispose';
import type { ModelDocuments } from './modelDocument';
import type { PanelSession } from './panelSession';
import type { UnrolledEditor } from './unrolledEditor';

/** The output channel: what was read and run, how long it took, and what went wrong. Names and numbers, no content. */
export class Log extends Disposable {
  private readonly channel = this.register(vscode.window.createOutputChannel('Gatescope', { log: true }));

  constructor(models: ModelDocuments, editor: UnrolledEditor) {
    super();
    this.register(
      models.onDidRead(({ model, reading, milliseconds }) => {
        const { problems, network } = reading;
        const name = vscode.workspace.asRelativePath(model.uri);
        const took = `${milliseconds.toFixed(0)} ms`;
        this.channel.info(`read ${model.uri.toString(true)} as ${network?.dialect ?? 'no model'} in ${took}`);
        for (const { severity, code, place } of problems) {
          const at = `${name}:${place.line}:${place.column}`;
          if (severity === 'error') this.channel.error(`${at} ${code}`);
          else this.channel.warn(`${at} ${code}`);
        }
      }),
    );
    this.register(editor.onDidOpen((session) => this.follow(session)));
    this.register(vscode.commands.registerCommand('gatescope.showLog', () => this.channel.show()));
  }

  private follow(session: PanelSession): void {
    const name = vscode.workspace.asRelativePath(session.uri);
    const says = session.onDidSay((message) => {
      if (message.type === 'ran') {
        const { role, sequence, milliseconds } = message.run;
        this.channel.info(`ran ${name} (${role}): ${sequence.steps} steps in ${milliseconds.toFixed(1)} ms`);
      } else if (message.type === 'failed') this.channel.error(`${name}: ${message.message}`);
    });
    session.panel.onDidDispose(() => says.dispose());
  }
}
