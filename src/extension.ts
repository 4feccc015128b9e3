import './editor/speak';
import type * as vscode from 'vscode';
import { registerAttachWeights } from './commands/attachWeights';
import { registerChooseReading } from './commands/chooseReading';
import { registerCompare } from './commands/compare';
import { registerCopyMermaid } from './commands/copyMermaid';
import { registerExport } from './commands/export';
import { registerExportPython } from './commands/exportPython';
import { registerGenerate } from './commands/generate';
import { registerNavigation } from './commands/navigation';
import { registerPickSource } from './commands/pickSource';
import { registerWhatIf } from './commands/whatIf';
import { registerNewModel } from './commands/newModel';
import { registerOpenExample } from './commands/openExample';
import { registerOpenSource } from './commands/openSource';
import { registerOpenUnrolled } from './commands/openUnrolled';
import { registerRunSample } from './commands/runSample';
import { registerSavePicture } from './commands/savePicture';
import { registerSaveNative } from './commands/saveNative';
import { registerVerify } from './commands/verify';
import { apiFor } from './editor/api';
import { registerAssistants } from './editor/assistants';
import { BinaryEditor } from './editor/binaryEditor';
import { Log } from './editor/log';
import { ModelDocuments } from './editor/modelDocument';
import { StatusItem } from './editor/statusItem';
import { UnrolledEditor } from './editor/unrolledEditor';
import { registerCompletion } from './language/completion';
import { registerHover } from './language/hover';
import { registerLayersInText } from './language/layersInText';
import { registerLenses } from './language/lenses';
import { Problems } from './language/problems';
import { registerQuickFixes } from './language/quickFixes';
import type { GatescopeApi } from './library/vscode';

/** Gives other extensions what they may ask: see library/vscode.ts. */
export function activate(context: vscode.ExtensionContext): GatescopeApi {
  const models = new ModelDocuments(context.workspaceState);
  const editor = new UnrolledEditor(context.extensionUri, models);
  context.subscriptions.push(
    models,
    editor,
    new Problems(models),
    registerQuickFixes(models),
    new Log(models, editor),
    new StatusItem(editor),
    registerLayersInText(models),
    registerCompletion(models),
    registerHover(models, editor),
    registerLenses(),
    registerOpenUnrolled(editor),
    new BinaryEditor(editor),
    registerChooseReading(editor),
    registerAttachWeights(editor),
    registerSaveNative(editor),
    registerExport(context.extensionUri, editor),
    registerSavePicture(editor),
    registerExportPython(editor),
    registerOpenSource(),
    registerRunSample(editor),
    registerGenerate(editor),
    registerVerify(editor),
    registerNavigation(editor),
    registerPickSource(editor),
    registerWhatIf(editor),
    registerCopyMermaid(editor),
    registerNewModel(context.extensionUri),
    registerOpenExample(context.extensionUri, editor),
    registerCompare(context.extensionUri, editor),
    registerAssistants(context.extension),
  );
  return apiFor(editor);
}
