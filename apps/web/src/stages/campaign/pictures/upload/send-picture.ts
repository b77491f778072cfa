// Sends a picture to the server. XMLHttpRequest, because `fetch` does not tell how much has gone out.
import type { Picture } from '@tablecast/contracts'
import { authorization, Notice } from '../../../../api.ts'
import { isObject, sentenceOf, withNewToken } from '../../../../rest.ts'
import { checkFile, checkMapFile } from './check-file.ts'

/** The purpose of a picture: the campaign, a map, or the portrait of this character. */
export type PictureUse = { kind: 'campaign' } | { kind: 'map' } | { kind: 'portrait'; characterId: string }

/** `warnings`: sentences of the server about what it left out of the file of a map. */
export type SentPicture = Omit<Picture, 'name'> & { warnings: readonly string[] }

/** `onSent` is called with the share that has gone out, 0 to 1. */
export type SendPicture = (
  roomId: string,
  file: Blob,
  use: PictureUse,
  onSent: (share: number) => void,
  signal: AbortSignal,
) => Promise<SentPicture>

/** Rejects with a `Notice` in the words of the server. */
export const sendPicture: SendPicture = async (roomId, file, use, onSent, signal) => {
  await (use.kind === 'map' ? checkMapFile(file) : checkFile(file))
  return pictureOf(await withNewToken(() => request(addressOf(roomId, use), file, onSent, signal), signal))
}

function addressOf(roomId: string, use: PictureUse): string {
  const of: Record<string, string> = use.kind === 'portrait' ? { character: use.characterId } : {}
  return `/api/rooms/${encodeURIComponent(roomId)}/pictures?${new URLSearchParams({ for: use.kind, ...of }).toString()}`
}

type Answer = { status: number; body: unknown }

function request(address: string, file: Blob, onSent: (share: number) => void, signal: AbortSignal): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const call = new XMLHttpRequest()
  const abort = () => call.abort()
  call.open('POST', address)
  for (const [name, value] of Object.entries(authorization())) call.setRequestHeader(name, value)
  call.setRequestHeader('content-type', 'application/octet-stream')
  call.upload.addEventListener('progress', ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0))
  call.addEventListener('load', () => resolve({ status: call.status, body: read(call.responseText) }))
  // A server that refuses a large file may close the connection before the browser has read why.
  call.addEventListener('error', () => reject(new Notice(file.size > LARGE_BYTES ? BROKEN_OFF_LARGE : BROKEN_OFF)))
  call.addEventListener('abort', () => reject(new Notice('It was cancelled.')))
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) reject(new Notice('It was cancelled.'))
  else call.send(file)
  return promise.finally(() => signal.removeEventListener('abort', abort))
}

const LARGE_BYTES = 10_000_000
const BROKEN_OFF = 'The connection broke off, and nothing was stored. Try again.'
const BROKEN_OFF_LARGE =
  'The connection broke off, and nothing was stored. The picture may be too large: try again with a smaller one.'

function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function pictureOf({ status, body }: Answer): SentPicture {
  if (status === 200 && isSent(body)) return { ...body.picture, warnings: warningsIn(body) }
  throw new Notice(sentenceOf(body) ?? 'The server did not take the picture. Try again.')
}

/** The server of this page wrote it. */
const isSent = (body: unknown): body is { picture: Omit<Picture, 'name'>; warnings?: unknown } =>
  isObject(body) && isObject(body['picture']) && typeof body['picture']['id'] === 'string'

const warningsIn = ({ warnings }: { warnings?: unknown }): string[] =>
  Array.isArray(warnings) ? warnings.filter((one) => typeof one === 'string') : []
