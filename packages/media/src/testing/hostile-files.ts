// Files that are made to hurt the program that decodes them, and files that pretend to be pictures.
import { crc32, deflateSync } from 'node:zlib'
import { samplePicture } from './sample-pictures.ts'

export type HostileFile = { name: string; content: Buffer }

/** 100 kB that claim 60,000 × 60,000 pixels, in each format that has room for such a claim. */
export async function boastfulFiles(): Promise<HostileFile[]> {
  const jpeg = await samplePicture('jpeg')
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  const claiming = Buffer.from(jpeg)
  claiming.writeUInt16BE(60_000, frame + 5)
  claiming.writeUInt16BE(60_000, frame + 7)
  const gif = Buffer.from(await samplePicture('gif'))
  // The size of the screen, which follows the signature, and that of the frame, which follows its separator and its corner.
  const separator = gif.indexOf(Buffer.from([0x2c, 0, 0, 0, 0, 64, 0, 48, 0]))
  for (const at of [6, 8, separator + 5, separator + 7]) gif.writeUInt16LE(60_000, at)
  return [
    {
      name: 'a PNG of 60,000 × 60,000 in 100 kB',
      content: png({ side: 60_000, bitDepth: 8, data: deflateSync(Buffer.alloc(90_000_000)) }),
    },
    { name: 'a JPEG of 60,000 × 60,000', content: Buffer.concat([claiming, Buffer.alloc(100_000)]) },
    { name: 'a GIF of 60,000 × 60,000', content: gif },
  ]
}

/** Zeros that were packed well: 100 megapixels of one colour in 100 kB, all of them there. */
export const packedZeros = (): Buffer =>
  png({ side: 10_000, bitDepth: 8, data: deflateSync(Buffer.alloc(10_000 * 10_001), { level: 9 }) })

/** Files that are no pictures of a kind that is taken, whatever they are called. */
export async function foreignFiles(): Promise<HostileFile[]> {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
  return [
    { name: 'nothing', content: Buffer.alloc(0) },
    { name: 'one byte', content: Buffer.from('G') },
    { name: 'a page', content: Buffer.from('<!doctype html><script>alert(1)</script>') },
    { name: 'a program', content: Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(1_000)]) },
    { name: 'an archive', content: Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(1_000)]) },
    { name: 'a PDF', content: Buffer.from('%PDF-1.7\n1 0 obj\n') },
    { name: 'a BMP', content: Buffer.concat([Buffer.from('BM'), Buffer.alloc(100)]) },
    { name: 'a TIFF', content: Buffer.concat([Buffer.from('II*\0'), Buffer.alloc(100)]) },
    { name: 'an SVG', content: Buffer.from(svg) },
    { name: 'an SVG with a head', content: Buffer.from(`<?xml version="1.0"?>\n<!-- a comment -->\n${svg}`) },
    { name: 'an SVG in UTF-16', content: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(svg, 'utf16le')]) },
    { name: 'a photo of an iPhone', content: boxes('heic', 'mif1') },
  ]
}

/** Pictures that are something else as well, with a mark in that part. No picture that is served may hold the mark. */
export async function polyglots(): Promise<HostileFile[]> {
  const marked = Buffer.from('PK\x03\x04POLYGLOT<script>alert("POLYGLOT")</script>%PDF-1.7 POLYGLOT')
  const jpeg = await samplePicture('jpeg')
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, marked.length + 2]), marked])
  return [
    ...(await Promise.all(
      (['png', 'jpeg', 'webp', 'gif', 'avif'] as const).map(async (kind) => ({
        name: `a ${kind} with something behind it`,
        content: Buffer.concat([await samplePicture(kind), marked]),
      })),
    )),
    {
      name: 'a JPEG with a page in its comment',
      content: Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]),
    },
  ]
}

/** One change of a file. `at` and `length` are shares of the file: 0 to 1. */
export type Mutation = { kind: 'flip' | 'cut' | 'repeat' | 'zero' | 'end'; at: number; length: number; byte: number }
export const mutationKinds = ['flip', 'cut', 'repeat', 'zero', 'end'] as const satisfies readonly Mutation['kind'][]

export const mutated = (file: Buffer, mutations: readonly Mutation[]): Buffer => mutations.reduce(changed, file)

function changed(file: Buffer, { kind, at, length, byte }: Mutation): Buffer {
  const from = Math.min(file.length, Math.floor(at * file.length))
  const to = Math.min(file.length, from + 1 + Math.floor(length * length * file.length))
  const copy = Buffer.from(file)
  switch (kind) {
    case 'flip':
      if (from < copy.length) copy[from] = (copy[from] ?? 0) ^ (byte || 1)
      return copy
    case 'zero':
      return copy.fill(byte < 128 ? 0 : 0xff, from, to)
    case 'cut':
      return Buffer.concat([file.subarray(0, from), file.subarray(to)])
    case 'repeat':
      return Buffer.concat([file.subarray(0, to), file.subarray(from)])
    case 'end':
      return file.subarray(0, from)
  }
}

function png({ side, bitDepth, data }: { side: number; bitDepth: number; data: Buffer }): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head[8] = bitDepth
  const chunk = (type: string, body: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), body])
    const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(body.length)
    checksum.writeUInt32BE(crc32(named))
    return Buffer.concat([length, named, checksum])
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

function boxes(...brands: string[]): Buffer {
  const names = Buffer.from(`ftyp${brands[0] ?? ''}\0\0\0\0${brands.join('')}`, 'latin1')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(names.length + 4)
  return Buffer.concat([length, names, Buffer.alloc(500)])
}
