// Unpacks a ZIP file of notes or of other programs' files. Nothing is written to the disk.
import { Refusal } from '@tablecast/rules/refusal'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'

type UnpackedFile = { path: string; content: Uint8Array }
export type Unpacked = { files: UnpackedFile[]; others: number }

/** A vault has a note for each creature, and thousands of notes beside them. */
const MAX_ENTRIES = 20_000
const MAX_FILES = 6_000
/** Of all files that are unpacked. */
const MAX_BYTES = 60_000_000
const MAX_FILE_BYTES = 20_000_000

const READ = /\.(?:md|markdown|txt|json|ya?ml|db)$/i
/** Folders in which Obsidian, systems and tools keep files of their own. */
const HIDDEN = /(?:^|\/)(?:\.|__MACOSX\/|node_modules\/)/

/** `others`: files of other kinds, which are left alone. Throws `Refusal` for a file that is no ZIP, damaged, or made to swell. */
export async function unpackNotes(bytes: Buffer): Promise<Unpacked> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true, autoClose: false }).catch(() => {
    throw refusal('This is no ZIP file, or a part of it is missing.')
  })
  try {
    return await filesOf(zip, bytes.length)
  } finally {
    zip.close()
  }
}

async function filesOf(zip: ZipFile, packedBytes: number): Promise<Unpacked> {
  if (zip.entryCount > MAX_ENTRIES)
    throw refusal(
      `This ZIP file holds more than ${MAX_ENTRIES.toLocaleString('en')} files. Pack the notes of the creatures alone.`,
    )
  const entries = await entriesOf(zip)
  const wanted = entries.filter(({ fileName }) => READ.test(fileName) && !HIDDEN.test(fileName))
  const others =
    entries.filter(({ fileName }) => !fileName.endsWith('/') && !HIDDEN.test(fileName)).length - wanted.length
  if (wanted.length > MAX_FILES)
    throw refusal(`This ZIP file holds more than ${MAX_FILES.toLocaleString('en')} notes. Import them in parts.`)
  const whole = wanted.reduce((sum, one) => sum + one.uncompressedSize, 0)
  if (whole > MAX_BYTES || wanted.some((one) => one.uncompressedSize > MAX_FILE_BYTES))
    throw refusal(`This ZIP file holds more than ${MAX_BYTES / 1_000_000} MB of notes. Import them in parts.`)
  // Parts of files that overlap would make a small archive swell without end.
  if (wanted.reduce((sum, one) => sum + one.compressedSize, 0) > packedBytes) throw damaged()
  const files: UnpackedFile[] = []
  for (const entry of wanted) files.push({ path: entry.fileName, content: await contentOf(zip, entry) })
  return { files, others }
}

async function entriesOf(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = []
  try {
    for await (const entry of zip.eachEntry()) entries.push(entry)
  } catch {
    throw damaged()
  }
  return entries
}

/** The library ends an entry that is longer than it says. */
async function contentOf(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const parts: Buffer[] = []
  try {
    for await (const part of await zip.openReadStreamPromise(entry)) if (Buffer.isBuffer(part)) parts.push(part)
  } catch {
    throw damaged()
  }
  return Buffer.concat(parts)
}

const damaged = () => refusal('This ZIP file is damaged. Pack it again.')
const refusal = (sentence: string) => new Refusal('operation', sentence)
