/**
 * Gives the memory of bytes back at once, where nothing else lies in it. V8 counts the bytes of buffers as its own, and megabytes that wait
 * for it would make it collect all garbage, which stops the server for many milliseconds. Nobody may read the bytes afterwards.
 */
export function giveBack({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
