/** Typed arrays that grow. */

type Numbers = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array;

/** A longer copy. */
export function grown<T extends Numbers>(array: T, length: number): T {
  const larger = new (array.constructor as new (length: number) => T)(length);
  larger.set(array);
  return larger;
}
