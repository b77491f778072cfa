// The words of refusals that a page says before it sends a file, and the server says when it gets one.

export const pictureWords = {
  empty: 'There is nothing in this file. Choose another.',
  svg: 'SVG files can not be shown here, because they may hold scripts. Save the picture as PNG, and send that.',
  heic: 'HEIC photos can not be shown in every browser. Save the photo as JPEG, and send that.',
  not_a_picture: 'This file is no picture that can be shown. Send a PNG, JPEG, WebP, AVIF or GIF.',
} as const

export const pictureTooLarge = (maxBytes: number): string =>
  `This file is too large: a picture may have ${megabytes(maxBytes)}. Make it smaller.`

export const megabytes = (bytes: number): string =>
  bytes >= 1_048_576
    ? `${Math.floor(bytes / 1_048_576).toLocaleString('en')} MB`
    : `${bytes.toLocaleString('en')} bytes`
