/** What a node asks for that cannot be expressed; the message goes on from "the LSTM "x": ". Never leaves the reader. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}
