export const money = (value: number): string =>
  value.toLocaleString([], { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** Writes a share in per cent: 0.0123 is +1.23 %. */
export const percent = (part: number): string =>
  `${part >= 0 ? '+' : '−'}${Math.abs(part * 100).toLocaleString([], { minimumFractionDigits: 2, maximumFractionDigits: 2 })} %`
