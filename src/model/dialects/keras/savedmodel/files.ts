/** The files in which TensorFlow keeps a model, by their names in its folder. */

export const GRAPH_FILE = 'saved_model.pb';
/** Keras's own, from TensorFlow 2.5 to 2.15. */
export const METADATA_FILE = 'keras_metadata.pb';
/** What the names of the files of variables begin with. */
export const VARIABLES = 'variables/variables';
export const INDEX = '.index';

/** Those that a model can be opened by, the one that is always there first. */
export const MODEL_FILES = [GRAPH_FILE, METADATA_FILE];
