/** What can be said and done at a place of a native model's text; loaded on first use. Knows nothing of VS Code. */
export { editsOf, type TextEdit } from '../../model/json/edit';
export { fixInWords } from '../../words/fixes';
