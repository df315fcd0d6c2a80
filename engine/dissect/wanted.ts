/**
 * What a filter asks of the layers above a transport. The tree builder keeps nothing but these fields, as a flat list, and
 * passes over layers that have none of them: a filter on messages dissects each of them only as far as it must.
 */

export interface Wanted {
  /** By field id: 1 where the field's values are asked for. */
  readonly fields: Uint8Array;
  /** By protocol index: 1 where its layers may hold such a field, or remember something that another layer shows. */
  readonly protocols: Uint8Array;
  /** All of the fields are in this group of a protocol (ProtocolSpec.onlyIn), and nothing else of its messages is needed. */
  readonly group?: { readonly fields: readonly string[] };
}

/** Where the innermost transport of a packet is: offsets in its bytes. */
export interface CarriedPlace {
  /** Layers from the outside in, the transport last. */
  readonly layers: readonly number[];
  readonly header: number;
  readonly payload: number;
  readonly end: number;
  readonly wireEnd: number;
}
