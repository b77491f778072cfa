/** Rolls something of the sheet. `name`: such as “Stealth”. */
export type RollOnSheet = (name: string, notation: string) => void
