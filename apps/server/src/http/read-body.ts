import type { IncomingMessage } from 'node:http'
import { TablecastError } from '@tablecast/contracts'
import { giveBack } from '@tablecast/media'

const FIRST_BYTES = 16_384

/** The length of the body in bytes; 0 for no body, null when the request does not announce it. Node has checked that it is a number. */
export function announcedLength({ headers }: Pick<IncomingMessage, 'headers'>): number | null {
  if (headers['transfer-encoding'] !== undefined) return null
  return Number(headers['content-length'] ?? 0)
}

export const tooLarge = (maxBytes: number) =>
  new TablecastError('MESSAGE_TOO_LARGE', `The body is too large: at most ${maxBytes.toLocaleString('en')} bytes here.`)

/**
 * The whole body in one buffer. Each chunk is copied and released, so that a body in very small chunks costs no more than another. The
 * memory of a broken-off body is freed at once. Rejects with MESSAGE_TOO_LARGE, or BAD_REQUEST when the client breaks the body off.
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
    giveBack(body)
    reject(error)
  }
  const take = (part: Buffer) => {
    if (length + part.length > maxBytes) return settle(() => giveUp(tooLarge(maxBytes)))
    if (length + part.length > body.length) body = grown(body, length, Math.min(maxBytes, (length + part.length) * 2))
    part.copy(body, length)
    length += part.length
  }
  const end = () => settle(() => resolve(body.subarray(0, length)))
  const broken = () =>
    settle(() => giveUp(new TablecastError('BAD_REQUEST', 'The body was broken off. Send it again.')))
  // `close` and `error`: the connection closed before or during the read.
  request.on('data', take).on('end', end).on('close', broken).on('error', broken)
  if (request.destroyed) broken()
  return promise
}

function grown(body: Buffer<ArrayBuffer>, length: number, size: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(size)
  body.copy(larger, 0, 0, length)
  giveBack(body)
  return larger
}
