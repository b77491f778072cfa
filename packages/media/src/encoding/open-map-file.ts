// Opens a Universal VTT file: a JSON text with a picture in Base64. It is parsed here, in the encoder's process, because a file of 60 MB becomes
// several copies of the picture, and because a stranger may have made it.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jsonExcess, judgedKind, KIND_BYTES } from '@tablecast/contracts'
import type { MapSize } from '@tablecast/maps/grid'
import { isStretched, MapFileError, readUniversalVtt, wallsOnPicture, writeWalls } from '@tablecast/maps/import'
import type { ReadTask } from '../encoder-task.ts'
import { Refused } from './refused.ts'

/** More than 200,000 points have. */
const BOUNDS = { maxDepth: 64, maxValues: 1_000_000 }

export type OpenedMap = {
  /** The path of the picture. */
  picture: string
  kind: ReadTask['kind']
  /** The grid, walls, doors and lights of the file, as they lie on the picture. */
  wallsOn(size: MapSize): { text: string; warnings: string[] }
}

/** Writes the picture into the folder. Throws `Refused`. */
export async function openMapFile(input: string, folder: string): Promise<OpenedMap> {
  const map = imported(await readFile(input, 'utf8'))
  const content = decoded(map.picture)
  const { kind } = judgedKind(content.subarray(0, KIND_BYTES))
  if (!kind) throw new Refused('map_without_picture')
  const picture = join(folder, 'picture')
  await writeFile(picture, content, { flag: 'wx' })
  // Without the text of the picture, which would stay in memory while the picture is cut.
  const rest = { ...map, picture: '' }
  return {
    picture,
    kind,
    wallsOn: (size) => ({
      text: writeWalls(wallsOnPicture(rest, size)),
      warnings: isStretched(rest, size)
        ? [
            ...rest.warnings,
            'The picture has another shape than the file says. Its walls were stretched to the picture.',
          ]
        : [...rest.warnings],
    }),
  }
}

function imported(text: string): ReturnType<typeof readUniversalVtt> {
  const whole = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  if (jsonExcess(whole, BOUNDS)) throw new Refused('map_file', 'The map file holds too much. Export fewer walls.')
  let file: unknown
  try {
    file = JSON.parse(whole)
  } catch {
    throw new Refused('map_file')
  }
  try {
    return readUniversalVtt(file)
  } catch (error) {
    throw error instanceof MapFileError ? new Refused('map_file', error.message) : error
  }
}

/** Some programs write the picture as an address of its content. Throws `Refused` where a letter is not of Base64. */
function decoded(text: string): Buffer {
  const from = /^data:image\/[a-z+-]+;base64,/.exec(text)?.[0].length ?? 0
  const base64 = from === 0 ? text : text.slice(from)
  if (/[^A-Za-z0-9+/=\s]/.test(base64)) throw new Refused('map_without_picture')
  return Buffer.from(base64, 'base64')
}
