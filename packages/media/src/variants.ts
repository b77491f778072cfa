/**
 * The sizes in which a picture is kept: the most pixels of its longest edge. No picture is enlarged. `96` is a square out of its middle.
 */
export const variants = ['96', '640', '2560'] as const
export type Variant = (typeof variants)[number]

export const isVariant = (text: string): text is Variant => (variants as readonly string[]).includes(text)
