import { open } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { brokenOff, fileTooLarge } from './upload-refused.ts'

/**
 * Writes the body of a request into a new file, piece by piece, so that memory holds one piece. Throws a refusal when the body is longer
 * than `maxBytes`, or when the client breaks it off.
 */
export async function receiveFile(
  request: IncomingMessage,
  path: string,
  maxBytes: number,
  tooLarge: (maxBytes: number) => Error = fileTooLarge,
): Promise<void> {
  await using file = await open(path, 'wx', 0o600)
  let bytes = 0
  try {
    // The connection stays open after a refusal, so that the client can read the answer.
    for await (const part of request.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(part)) throw brokenOff()
      bytes += part.length
      if (bytes > maxBytes) throw tooLarge(maxBytes)
      await file.write(part)
      giveBack(part)
    }
  } catch (error) {
    throw request.destroyed && !request.complete ? brokenOff() : error
  } finally {
    // Read the rest of a refused body and throw it away. `SlowBodies` ends that after a moment.
    request.resume()
  }
}

/**
 * Gives the memory of a piece back at once, where nothing else lies in it. A photo arrives in a hundred pieces that V8 counts as its own, and
 * one photo after the other would make it collect all garbage, which stops the server for many milliseconds.
 */
function giveBack({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
