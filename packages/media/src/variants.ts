/**
 * The sizes in which a picture is kept: the most pixels of its longest edge. No picture is enlarged. `96` is a square out of its middle.
 */
export const variants = ['96', '640', '2560'] as const
export type Variant = (typeof variants)[number]

export const isVariant = (text: string): text is Variant => (variants as readonly string[]).includes(text)

/** A row of tiles of a map's picture, see `tile-row.ts`: `t<level>-<row>`. */
export type TileRow = `t${number}-${number}`

/** The files of a picture that are kept under its hash. */
export type StoredVariant = Variant | TileRow

export const isStoredVariant = (text: string): text is StoredVariant => isVariant(text) || isTileRow(text)

export const isTileRow = (text: string): text is TileRow => /^t\d{1,2}-\d{1,3}$/.test(text)
