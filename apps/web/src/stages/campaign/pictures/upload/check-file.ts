// Looks at a file before it is sent: a person need not wait for a long upload to read that the server refuses it.
import { isJsonStart, judgedKind, KIND_BYTES, pictureTooLarge, pictureWords } from '@tablecast/contracts'
import { api, Notice } from '../../../../api.ts'

/** Throws a `Notice`, in the words of the server, for a file that the server would refuse by its size or its first bytes. */
export async function checkFile(file: Blob, askMaxBytes: () => Promise<number> = maxPictureBytes): Promise<void> {
  const start = await startOf(file, askMaxBytes)
  const { refusal } = judgedKind(start)
  if (refusal) throw new Notice(pictureWords[refusal])
}

/** The same for a map, which may also be a text: a file of Universal VTT. */
export async function checkMapFile(file: Blob, askMaxBytes: () => Promise<number> = maxMapBytes): Promise<void> {
  const start = await startOf(file, askMaxBytes)
  const { refusal } = judgedKind(start)
  if (refusal && !isJsonStart(start)) throw new Notice(pictureWords[refusal])
}

async function startOf(file: Blob, askMaxBytes: () => Promise<number>): Promise<Uint8Array> {
  const maxBytes = await askMaxBytes()
  if (file.size > maxBytes) throw new Notice(pictureTooLarge(maxBytes))
  return new Uint8Array(await file.slice(0, KIND_BYTES).arrayBuffer())
}

const ask = () =>
  api.auth.config.query().then(
    ({ pictures }) => pictures,
    // Without an answer the server decides.
    () => undefined,
  )
const maxPictureBytes = async (): Promise<number> => (await ask())?.maxBytes ?? Infinity
const maxMapBytes = async (): Promise<number> => (await ask())?.maxMapBytes ?? Infinity
