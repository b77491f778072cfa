import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** SHA-256 of a file, in hexadecimal. */
export const hashOfFile = (path: string): Promise<string> => hashOfStream(createReadStream(path))

export async function hashOfStream(stream: AsyncIterable<unknown>): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of stream) if (part instanceof Uint8Array) hash.update(part)
  return hash.digest('hex')
}
