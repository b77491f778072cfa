/** About how much slower a mid-range phone is than this machine. */
export const SLOWED = 4
