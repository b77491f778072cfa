/** About four characters each, in most languages that are written with an alphabet. */
export const estimateTokens = (text: string): number => Math.ceil(text.length / 4)
