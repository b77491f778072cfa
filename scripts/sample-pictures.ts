// Draws the pictures of the sample campaign again: `node scripts/sample-pictures.ts`. Takes a few minutes.
// They are checked in, so that a start needs neither this nor the library that renders them.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Sharp } from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import { chapel } from './sample-pictures/chapel.ts'
import { writeMapFiles } from './sample-pictures/map-files.ts'
import { corvin, mira, sable, tobin } from './sample-pictures/portraits.ts'
import { tideTable } from './sample-pictures/tide-table.ts'

const folder = fileURLToPath(new URL('../apps/server/src/stages/campaign/sample-pictures', import.meta.url))
const drawings = { 'tide-table': tideTable, mira, tobin, sable, corvin, chapel }

await using fonts = await lettering()
// The library reads this when it is loaded.
process.env['FONTCONFIG_FILE'] = fonts.file
const { default: sharp } = await import('sharp')

/** As for uploads: the longest edge, and a square of 96 pixels for faces in lists. */
const variants = {
  2560: (image: Sharp) => image,
  640: (image: Sharp) => image.resize(640, 640, { fit: 'inside', withoutEnlargement: true }),
  96: (image: Sharp) => image.resize(96, 96, { fit: 'cover' }),
}

await mkdir(folder, { recursive: true })
const drawn: Record<string, { width: number; height: number; thumbhash: string }> = {}
for (const [name, draw] of Object.entries(drawings)) {
  const { data, info } = await sharp(Buffer.from(draw())).flatten().raw().toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const image = () => sharp(data, { raw: { width, height, channels } })
  for (const [variant, sized] of Object.entries(variants)) {
    // Of a small picture, the two larger variants are the same.
    if (variant === '2560' && Math.max(width, height) <= 640) continue
    const file = await sized(image()).webp({ quality: 80, effort: 6 }).toBuffer()
    await writeFile(join(folder, `${name}-${variant}.webp`), file)
    process.stdout.write(`${name}-${variant}.webp: ${file.length.toLocaleString('en')} bytes\n`)
  }
  const tiny = await image()
    .resize(100, 100, { fit: 'inside' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const thumbhash = Buffer.from(rgbaToThumbHash(tiny.info.width, tiny.info.height, tiny.data)).toString('base64')
  drawn[name] = { width, height, thumbhash }
}
await writeFile(join(folder, 'sizes.json'), `${JSON.stringify(drawn, null, 2)}\n`)
const written = await writeMapFiles(sharp, join(folder, 'chapel-map'))
for (const [name, bytes] of Object.entries(written))
  process.stdout.write(`chapel-map/${name}: ${bytes.toLocaleString('en')} bytes\n`)

/** The typeface of the handout is a package's and not the machine's, so that every machine draws the same. */
async function lettering(): Promise<{ file: string } & AsyncDisposable> {
  const place = await mkdtemp(join(tmpdir(), 'tablecast-fonts-'))
  const file = join(place, 'fonts.conf')
  const faces = ['400Regular/IMFellEnglish_400Regular.ttf', '400Regular_Italic/IMFellEnglish_400Regular_Italic.ttf']
  const folders = faces.map((face) =>
    dirname(fileURLToPath(import.meta.resolve(`@expo-google-fonts/im-fell-english/${face}`))),
  )
  const named = folders.map((path) => `<dir>${path}</dir>`).join('')
  await writeFile(file, `<?xml version="1.0"?><fontconfig>${named}<cachedir>${place}</cachedir></fontconfig>`)
  return { file, [Symbol.asyncDispose]: () => rm(place, { recursive: true, force: true }) }
}
