/** The config of a model that Keras 2 saved as a folder: JSON beside TensorFlow's graph, one text for each object. */
import { bytesIn, lastBytes, textOf } from '../../../tensors/protobuf';

/** Fields of keras's saved_metadata.proto. */
const METADATA = { nodes: 1 };
const NODE = { path: 3, identifier: 4, metadata: 5 };
const ROOT = 'root';

/** Fields of saved_model.proto, meta_graph.proto and saved_object_graph.proto, down to the objects. */
const SAVED_MODEL = { metaGraphs: 2 };
const META_GRAPH = { objectGraph: 7 };
const OBJECT_GRAPH = { nodes: 1 };
const OBJECT = { userObject: 4 };
const USER_OBJECT = { identifier: 1, metadata: 3 };

const OF_KERAS = /^_tf_keras_/;

/** What `keras_metadata.pb` (from TensorFlow 2.5 on) has of the model. Throws `TensorFileError`. */
export function modelInMetadata(bytes: Uint8Array): string | undefined {
  for (const node of bytesIn(bytes, METADATA.nodes)) {
    const isRoot = textOf(lastBytes(node, NODE.path)) === ROOT;
    if (isRoot && OF_KERAS.test(textOf(lastBytes(node, NODE.identifier)))) {
      return textOf(lastBytes(node, NODE.metadata));
    }
  }
  return undefined;
}

/** What `saved_model.pb` has of a Keras model, up to TensorFlow 2.4. Throws `TensorFileError`. */
export function modelInGraph(bytes: Uint8Array): string | undefined {
  const graph = lastBytes(bytes, SAVED_MODEL.metaGraphs);
  const objects = graph && lastBytes(graph, META_GRAPH.objectGraph);
  if (!objects) return undefined;
  const [root] = bytesIn(objects, OBJECT_GRAPH.nodes);
  const object = root && lastBytes(root, OBJECT.userObject);
  if (!object || !OF_KERAS.test(textOf(lastBytes(object, USER_OBJECT.identifier)))) return undefined;
  return textOf(lastBytes(object, USER_OBJECT.metadata)) || undefined;
}
