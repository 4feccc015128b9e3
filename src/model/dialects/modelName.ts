/** What a model is called whose file does not say. */
import type { Source } from './dialect';

/** Names that say nothing: what programs call every model that they save. */
const SAYS_NOTHING =
  /^(model|network|net|manifest|weights|config|checkpoint|(pytorch|saved|keras)_model|keras_metadata|model[._-](config|arch|architecture|structure|weights))$/i;

/** The file's name without its ending, or, where that says nothing, its folder's. */
export function nameOfFile({ fileName, folderName }: Source, ending: RegExp): string {
  const stem = fileName.replace(ending, '') || fileName;
  return folderName && SAYS_NOTHING.test(stem) ? folderName : stem;
}
