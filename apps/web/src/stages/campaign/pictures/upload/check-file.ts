// Looks at a file before it is sent: a person need not wait for a long upload to read that the server refuses it.
import { judgedKind, KIND_BYTES, pictureTooLarge, pictureWords } from '@tablecast/contracts'
import { api, Notice } from '../../../../api.ts'

/** Throws a `Notice`, in the words of the server, for a file that the server would refuse by its size or its first bytes. */
export async function checkFile(file: Blob, askMaxBytes: () => Promise<number> = maxBytesOfServer): Promise<void> {
  const maxBytes = await askMaxBytes()
  if (file.size > maxBytes) throw new Notice(pictureTooLarge(maxBytes))
  const { refusal } = judgedKind(new Uint8Array(await file.slice(0, KIND_BYTES).arrayBuffer()))
  if (refusal) throw new Notice(pictureWords[refusal])
}

/** Without an answer the server decides. */
const maxBytesOfServer = (): Promise<number> =>
  api.auth.config.query().then(
    ({ pictures }) => pictures?.maxBytes ?? Infinity,
    () => Infinity,
  )
