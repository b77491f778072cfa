import { open } from 'node:fs/promises'

const PIECE_BYTES = 512 * 1_024

/**
 * A whole file in one buffer. `readFile` takes twice the memory for a file of more than 512 kB: it reads pieces, and joins them. `onPiece`
 * gets each piece in order, with other work between two of them.
 */
export async function readWhole(path: string, onPiece: (piece: Buffer) => void): Promise<Buffer> {
  await using file = await open(path)
  const { size } = await file.stat()
  const content = Buffer.allocUnsafeSlow(size)
  let at = 0
  while (at < size) {
    const { bytesRead } = await file.read(content, at, Math.min(PIECE_BYTES, size - at), at)
    if (bytesRead === 0) break
    onPiece(content.subarray(at, at + bytesRead))
    at += bytesRead
  }
  return content.subarray(0, at)
}
