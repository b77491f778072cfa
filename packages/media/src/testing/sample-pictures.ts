// Pictures for tests, made while a test runs.
import sharp from 'sharp'

export type SampleKind = 'png' | 'jpeg' | 'webp' | 'avif' | 'gif'
export const sampleKinds = ['png', 'jpeg', 'webp', 'avif', 'gif'] as const satisfies readonly SampleKind[]

/** Stripes of two colours, so that each part of the picture differs from its neighbour. */
export async function samplePicture(kind: SampleKind, { width = 64, height = 48 } = {}): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3)
  for (let at = 0; at < pixels.length; at += 3) {
    const x = (at / 3) % width
    const y = Math.floor(at / 3 / width)
    pixels[at] = (x * 255) / width
    pixels[at + 1] = (y * 255) / height
    pixels[at + 2] = x % 8 < 4 ? 200 : 40
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .toFormat(kind)
    .toBuffer()
}

/** A photo as a phone takes it: large, noisy, turned, with a place and a script in its metadata. About 4 MB with 12 megapixels. */
export async function samplePhoto({ width = 4_032, height = 3_024 } = {}): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 }
  const grain = await sharp({
    create: { width: Math.ceil(width / 4), height: Math.ceil(height / 4), channels: 3, background: '#777', noise },
  })
    .png()
    .toBuffer()
  return sharp(grain)
    .resize(width, height, { fit: 'fill' })
    .jpeg({ quality: 92 })
    .withExif({
      IFD0: { Copyright: '<script>alert(1)</script>', Make: 'SECRETPHONE' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1', GPSLongitudeRef: 'W', GPSLongitude: '0/1 7/1 0/1' },
    })
    .withMetadata({ orientation: 6 })
    .toBuffer()
}

/** Frames of one colour each, red first. */
export async function animatedGif(): Promise<Buffer> {
  const frame = (background: string) =>
    sharp({ create: { width: 40, height: 30, channels: 3, background } })
      .png()
      .toBuffer()
  const frames = await Promise.all(['#f00', '#0f0', '#00f'].map(frame))
  return sharp(frames, { join: { animated: true } })
    .gif({ delay: [100, 100, 100] })
    .toBuffer()
}
