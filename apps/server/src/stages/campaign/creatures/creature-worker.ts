// The thread that reads creatures of other programs: files come in, creatures or the reason against them go out.
import { parentPort } from 'node:worker_threads'
import type { StatBlock } from '@tablecast/bestiary'
import { readBuiltIn } from '@tablecast/bestiary/built-in'
import { type Imported, read, readFolder } from '@tablecast/bestiary/import'
import type { CreatureSource } from '@tablecast/orchestrator'
import { Refusal } from '@tablecast/rules/refusal'
import type { ReadingAnswer } from '../reading-thread.ts'
import { unpackNotes } from './unpack-notes.ts'

parentPort?.on('message', (source: CreatureSource) => {
  void answerTo(source).then((answer) => parentPort?.postMessage(answer, []))
})
parentPort?.postMessage('ready', [])

async function answerTo(source: CreatureSource): Promise<ReadingAnswer<Imported>> {
  try {
    return { kind: 'read', content: await importedFrom(source) }
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', why: error.message }
    throw error
  }
}

async function importedFrom({ text, files = [], zip }: CreatureSource): Promise<Imported> {
  if (text !== undefined) return read(text, findBuiltIn)
  if (zip === undefined)
    return readFolder(
      files.map(({ path, text: content }) => ({ path, content })),
      findBuiltIn,
    )
  const unpacked = await unpackNotes(Buffer.from(zip, 'base64'))
  const imported = readFolder(unpacked.files, findBuiltIn)
  if (unpacked.others > 0)
    imported.problems.push({
      name: 'Other files',
      reason: `${unpacked.others.toLocaleString('en')} files of the ZIP file are pictures or other kinds that are not read.`,
    })
  return imported
}

let builtIn: ReadonlyMap<string, StatBlock> | null = null

function findBuiltIn(name: string): StatBlock | undefined {
  builtIn ??= new Map(readBuiltIn().map((block) => [block.name.toLowerCase(), block]))
  return builtIn.get(name.trim().toLowerCase())
}
