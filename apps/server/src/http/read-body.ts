import type { IncomingMessage } from 'node:http'
import { TablecastError } from '@tablecast/contracts'

const FIRST_BYTES = 16_384

/** As the request announces it; null when it does not say, 0 for none. Node has checked that the header is a number. */
export function announcedLength({ headers }: Pick<IncomingMessage, 'headers'>): number | null {
  if (headers['transfer-encoding'] !== undefined) return null
  return Number(headers['content-length'] ?? 0)
}

export const tooLarge = (maxBytes: number) =>
  new TablecastError('MESSAGE_TOO_LARGE', `the body is too large: at most ${maxBytes.toLocaleString('en')} bytes here`)

/**
 * The whole body in one piece of memory. What comes is copied and let go, so that a body in very small pieces costs no more than another, and
 * the memory of one that is broken off is given back at once. Throws MESSAGE_TOO_LARGE, and BAD_REQUEST when it is broken off.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const announced = announcedLength(request)
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  let body = Buffer.allocUnsafeSlow(Math.min(announced ?? FIRST_BYTES, maxBytes))
  let length = 0
  const settle = (work: () => void) => {
    request.off('data', take).off('end', end).off('close', broken).off('error', broken)
    work()
  }
  const giveUp = (error: Error) => {
    free(body)
    reject(error)
  }
  const take = (part: Buffer) => {
    if (length + part.length > maxBytes) return settle(() => giveUp(tooLarge(maxBytes)))
    if (length + part.length > body.length) body = grown(body, length, Math.min(maxBytes, (length + part.length) * 2))
    part.copy(body, length)
    length += part.length
  }
  const end = () => settle(() => resolve(body.subarray(0, length)))
  const broken = () => settle(() => giveUp(new TablecastError('BAD_REQUEST', 'the body was broken off')))
  // The last two: its connection closed, before or while it was read.
  request.on('data', take).on('end', end).on('close', broken).on('error', broken)
  if (request.destroyed) broken()
  return promise
}

function grown(body: Buffer<ArrayBuffer>, length: number, size: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(size)
  body.copy(larger, 0, 0, length)
  free(body)
  return larger
}

/** Nobody may touch it after that. What the collector would find in its own time may be a gigabyte by then. */
function free({ buffer }: Buffer<ArrayBuffer>): void {
  buffer.transfer(0)
}
