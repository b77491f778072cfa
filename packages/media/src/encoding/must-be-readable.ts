import type { ReadTask } from '../encoder-task.ts'
import { Refused } from './refused.ts'
import type { SharpLibrary } from './sharp-library.ts'

/** Looks at the head of the file only. Returns the size of the picture as it is seen, after it was turned. Throws `Refused`. */
export async function mustBeReadable(
  sharp: SharpLibrary,
  { input, kind, maxPixels }: Pick<ReadTask, 'input' | 'kind' | 'maxPixels'>,
): Promise<{ width: number; height: number }> {
  const { format, width, height, compression, autoOrient } = await sharp(input, { limitInputPixels: false }).metadata()
  const found = format === 'heif' && compression === 'av1' ? 'avif' : format
  if (found !== kind) throw new Refused('damaged')
  if (width * height > maxPixels) throw new Refused('too_many_pixels')
  return autoOrient
}
