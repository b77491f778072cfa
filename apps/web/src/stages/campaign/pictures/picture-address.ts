// The addresses of a picture. The server keeps each picture in three sizes, named by the longest edge in pixels.
import type { ShownPicture } from '@tablecast/contracts'

type Variant = 640 | 2560

export const pictureAddress = (campaignId: string, { name }: Pick<ShownPicture, 'name'>, variant: Variant): string =>
  `/media/${campaignId}/${name}/${variant}.webp`

/** `file`: of `portraitPlace`, with at most 96 pixels. */
export const faceAddress = (campaignId: string, { name }: Pick<ShownPicture, 'name'>, file: string): string =>
  `/media/${campaignId}/${name}/${file}`

type Sources = { src: string; srcSet?: string }

/** `isSmall`: for a person who saves data. Else the browser chooses by the width of the place and the pixels of the screen. */
export function pictureSources(campaignId: string, picture: ShownPicture, isSmall: boolean): Sources {
  const small = pictureAddress(campaignId, picture, 640)
  if (isSmall || Math.max(picture.width, picture.height) <= 640) return { src: small }
  const large = pictureAddress(campaignId, picture, 2560)
  return { src: large, srcSet: `${small} ${widthOf(picture, 640)}w, ${large} ${widthOf(picture, 2560)}w` }
}

/** The width of a variant in pixels. No picture is enlarged. */
const widthOf = ({ width, height }: ShownPicture, edge: number): number =>
  Math.max(1, Math.round(width * Math.min(1, edge / Math.max(width, height))))
