/** What can be said and done at a place of a native model's text; loaded on first use. Knows nothing of VS Code. */
export { editsOf, type TextEdit } from '../../model/json/edit';
export { fixInWords } from '../../words/fixes';
export { completionsAt, type Completion } from './completion';
export { layerHover } from './hover';
export { lensesOf, type Lens } from './lenses';
export { layerAround, layerNamedAt, modelText } from './modelText';
export { renamable, renameEdits } from './rename';
export { definitionAt, placeOfLayer, referencesAt, symbolsOf, type TextSymbol } from './symbols';
