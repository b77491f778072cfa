/** Sharp as the encoder's process has loaded it. */
export type SharpLibrary = (typeof import('sharp'))['default']
