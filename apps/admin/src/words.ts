const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

export function sizeOf(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0)
  return `${(bytes / 1_000 ** unit).toFixed(unit === 0 ? 0 : 1)} ${UNITS[unit]}`
}

/** The contents of a backup, in words. */
export function totalOf(counts: Readonly<Record<string, number>>): string {
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const { rooms = 0, campaigns = 0, narrative_entries: entries = 0, pictures = 0 } = counts
  return `${rooms} rooms, ${campaigns} campaigns, ${entries} entries, ${pictures} pictures, ${rows} rows in all`
}

/** Columns as wide as they need to be. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** The text of somebody else, on one line and without anything that a terminal would act on. */
export const harmless = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '·')

/** In one line; some errors of the network have no words but a code. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(messageOf).join('; ')
  if (!(error instanceof Error)) return String(error)
  const { code } = error as { code?: string }
  return (error.message || (code ?? error.name)).replaceAll('\n', ' ')
}
