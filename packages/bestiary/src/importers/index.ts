// Importers of other programs' files, behind one function.
import { Refusal } from '@tablecast/rules/refusal'
import { decode } from './decode.ts'
import { type Imported, ImportResult } from './imported.ts'
import { type Note, noteOf } from './markdown-note.ts'
import { parseJson } from './parse-json.ts'
import { MAX_YAML_FILE, parseYaml } from './parse-yaml.ts'
import { readValue } from './read-json.ts'
import { type FindBuiltIn, hasBlocks, readNotes } from './read-notes.ts'

export type { Imported, ImportedEncounter, ImportedFighter } from './imported.ts'
export type { FindBuiltIn } from './read-notes.ts'

/** A file of a folder, by its path. */
export type SourceFile = { path: string; content: Uint8Array | string }

const UNKNOWN =
  'It is of no program that can be imported. The help lists the programs: Improved Initiative, Open5e, Foundry VTT and others.'

/**
 * Reads a file by its content. Nothing is stored. Parts that can't be read are listed by name and reason. Throws `Refusal` for a file
 * that is too large, too deep, or no text at all.
 */
export function read(given: Uint8Array | string, findBuiltIn: FindBuiltIn = () => undefined): Imported {
  const result = new ImportResult()
  const text = decode(given)
  const note = readFile(text, 'This file', result)
  if (note) readNotes([note], result, findBuiltIn)
  return asImported(result)
}

/** Reads the files of a folder as one import. A file that can't be read is listed, and loses no other. */
export function readFolder(files: readonly SourceFile[], findBuiltIn: FindBuiltIn = () => undefined): Imported {
  const result = new ImportResult()
  const notes: Note[] = []
  let others = 0
  for (const { path, content } of files) {
    try {
      const text = decode(content)
      // A vault is full of notes without anything for a fight.
      const isPlainNote = /\.(?:md|markdown|txt)$/i.test(path) && !isWithBlocks(path, text)
      const note = isPlainNote ? null : readFile(text, nameOf(path), result)
      if (isPlainNote) others++
      if (note) notes.push(note)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      result.addLost(path, error.message)
    }
  }
  readNotes(notes, result, findBuiltIn)
  if (others > 0)
    result.addProblem('Notes', `${others.toLocaleString('en')} of them have no stat block and no encounter.`)
  return asImported(result)
}

const nameOf = (path: string): string => (path.split('/').at(-1) ?? path).replace(/\.[A-Za-z]{1,8}$/, '')

const isWithBlocks = (path: string, text: string): boolean =>
  !/^\s*[[{]/.test(text) && hasBlocks(noteOf(nameOf(path), text))

/** Returns a note, whose encounters may name creatures of other notes. Everything else is read at once. */
function readFile(text: string, name: string, result: ImportResult): Note | null {
  if (/^\s*(?:[[{]|$)/.test(text)) {
    if (!readValue(parseJson(text), name, result)) result.addLost(name, UNKNOWN)
    return null
  }
  const note = noteOf(name, text)
  if (hasBlocks(note)) return note
  if (isScalarOfJson(text)) {
    result.addLost(name, UNKNOWN)
    return null
  }
  const { value, problem } = looksLikeYaml(text) ? parseYaml(text, MAX_YAML_FILE) : { value: undefined, problem: null }
  if (value === undefined || !readValue(value, name, result)) result.addLost(name, problem ?? UNKNOWN)
  return null
}

const isScalarOfJson = (text: string): boolean => /^\s*(?:null|true|false|"|-?\d)/.test(text)

/** It begins with a field or a list. */
const looksLikeYaml = (text: string): boolean =>
  /^(?:\s|#[^\n]*\n|---\s*\n)*(?:- |["']?[\w ]{1,60}["']?:(?:\s|$))/.test(text.slice(0, 5_000))

const asImported = ({ creatures, encounters, characters, problems, lost }: ImportResult): Imported => ({
  creatures,
  encounters,
  characters,
  problems,
  lost,
})
