/**
 * Tiles are lossless: an encoder that loses something spreads colours to their neighbours, also over the edge of the fog. Of a lossless WebP
 * the quality is only how long the encoder searches: 20 takes 5 to 17 ms of CPU for a tile of a drawn map, 80 takes 10 to 60 ms and saves at
 * most a fifth of the bytes. With effort 1 it takes two to seven times as long, and is a third smaller at best.
 */
export const LOSSLESS = { lossless: true, effort: 0, quality: 20 } as const
