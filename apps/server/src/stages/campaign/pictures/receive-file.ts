import { open } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { giveBack } from '@tablecast/media'
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
      // A photo arrives in a hundred pieces.
      giveBack(part)
    }
  } catch (error) {
    throw request.destroyed && !request.complete ? brokenOff() : error
  } finally {
    // Read the rest of a refused body and throw it away. `SlowBodies` ends that after a moment.
    request.resume()
  }
}
